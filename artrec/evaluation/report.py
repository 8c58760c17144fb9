"""A report of `experiment` as people read it: measures in words, tables, a CSV file for spreadsheets, and one HTML file that
holds everything it shows and asks nothing of a network.
"""

import csv
import html
import io
from collections.abc import Mapping, Sequence

from artrec.evaluation.protocols import ABOUT
from artrec.figures_recommend import cold_start_figure, intervals_figure, trade_off_figure
from artrec.files import cell

CUT = (20, 10, 5)
WORDS = {  # measure → what it says; of those at 5, 10 and 20 once
    "nDCG": "how many wanted works are in the list, and how far up (1 is best)",
    "hit": "share of questions with a wanted work in the list",
    "recall": "share of the wanted works that are in the list",
    "precision": "share of the list that was wanted",
    "F1": "harmonic mean of precision and recall",
    "MAP": "mean precision at each wanted work",
    "MRR": "1 / place of the first wanted work",
    "spearman": "rank correlation with the ratings held back (Spearman's ρ)",
    "kendall": "rank correlation with the ratings held back (Kendall's τ)",
    "RMSE": "error of predicted ratings, large ones weighing more; less is better",
    "MAE": "mean error of predicted ratings; less is better",
    "novelty": "mean −log₂ of the share of people who know a listed work",
    "diversity": "mean distance between the texts of two listed works",
    "serendipity": "share of the list that was wanted and is not among the 20 most popular",
    "popularity lift": "how much more popular the list is than what the person knows; 0 is neither more nor less",
    "miscalibration": "divergence of the list's movements (or artists) from the person's own; less is better",
    "coverage": "share of the catalogue that anybody is shown",
    "gini": "how unevenly works are shown: 0 all alike, 1 one work alone; less is better",
    "answered": "share of questions that the algorithm has an opinion on",
}
LESS_IS_BETTER = ("RMSE", "MAE", "miscalibration", "gini")
NEITHER = ("popularity lift",)
ACROSS = ("coverage", "diversity", "novelty", "serendipity")  # what accuracy may be traded for
COST = ("fit seconds", "score ms median", "score ms p95", "model MB")
TRUTH = ("cases", "additivity error", "faithfulness", "stability")
LINES = 8  # curves that a figure can tell apart


def words(measure: str) -> str:
    """What a measure says."""
    return WORDS.get(measure.split("@")[0], "")


def measures(report: Mapping) -> list[str]:
    """The measures that any algorithm has, the deciding one first."""
    found = {name for each in report["algorithms"] for name in (*each["measures"], *each["whole"])}
    ordered = [f"{word}@{k}" for k in CUT for word in WORDS] + list(WORDS)
    return [m for m in dict.fromkeys([report["primary"], *ordered]) if m in found]


def estimates(report: Mapping, measure: str) -> dict[str, dict[str, float]]:
    """Algorithm → {"mean", "low", "high"}, best first. Measures of all lists together have no interval."""
    found = {}
    for each in report["algorithms"]:
        whole = each["whole"].get(measure)
        if measure in each["measures"]:
            found[each["name"]] = each["measures"][measure]
        elif whole is not None:
            found[each["name"]] = {"mean": whole, "low": whole, "high": whole}
    sign = 1 if measure in LESS_IS_BETTER else -1
    return dict(sorted(found.items(), key=lambda item: sign * item[1]["mean"]))


def families(report: Mapping) -> dict[str, str]:
    """Algorithm → family."""
    return {each["name"]: each["family"] for each in report["algorithms"]}


def curves(report: Mapping, measure: str) -> dict[str, dict[int, dict]]:
    """Algorithm → works known of a new person → estimate, best first by the most works; {} where there are none."""
    found = {
        each["name"]: {int(k): step[measure] for k, step in each["curve"].items() if measure in step}
        for each in report["algorithms"]
    }
    found = {name: curve for name, curve in found.items() if curve}
    sign = 1 if measure in LESS_IS_BETTER else -1
    return dict(sorted(found.items(), key=lambda item: sign * item[1][max(item[1])]["mean"]))


def chosen_curves(names: Sequence[str], always: Sequence[str] = ("means", "popularity")) -> list[str]:
    """The curves to begin with: the best ones, and what they must beat."""
    kept = list(names[: LINES - len(always)])
    return [*kept, *(name for name in always if name in names and name not in kept)]


def data_line(report: Mapping) -> str:
    """What was measured on, in a sentence."""
    data = report["data"]
    kind = ("simulated " if data["simulated"] else "") + data["kind"]
    scale = f" from {data['scale'][0]:g} to {data['scale'][1]:g}" if data["scale"] else ""
    times = "with times" if data["timed"] else "without times"
    return (
        f"{data['ratings']}: {data['interactions']:,} {kind}{scale} of {data['people']:,} "
        f"{'simulated people' if data['simulated'] else 'people'} on {data['works']:,} works, {times}."
    )


def protocol_line(report: Mapping) -> str:
    """How it was measured, in a sentence or two."""
    cases = f"{report['cases']:,} questions to {report['people_asked']:,} people; all works new to a person compete."
    return f"{ABOUT[report['protocol']]} {cases} Seed {report['seed']}."


def made_line(report: Mapping) -> str:
    """When the figures were made, how long it took, and from which data and code."""
    made, seconds = report.get("made", "").replace("T", " ").removesuffix("+00:00"), report.get("seconds") or 0
    return f"Made {made} (UTC) in {seconds:.0f} s; data {report['data']['hash'][:12]}, code {report['code'][:12]}."


def headline(report: Mapping) -> str:
    """What came out, in two sentences."""
    measure = report["primary"]
    found = estimates(report, measure)
    if not found:
        return f"No algorithm has a value of {measure} on these data."
    best, first = next(iter(found.items()))
    said = f"{best} is best: {measure} {interval(first)}, {first['people']:,} people."
    rows = report["comparisons"]
    if not rows:
        return said
    of = rows[0]["of"]
    above = [row for row in rows if row["difference"] > 0 and row["p_corrected"] < 0.05]
    below = [row for row in rows if row["difference"] < 0 and row["p_corrected"] < 0.05]
    return (
        f"{said} {of} is above {len(above)} of {len(rows)} others beyond chance and below {len(below)} "
        "(paired randomisation test, p < 0.05 after correction)."
    )


def interval(found: Mapping[str, float], digits: int = 3) -> str:
    """`0.286 (0.221–0.361)`; without an interval the value alone."""
    if found["low"] == found["high"]:
        return f"{found['mean']:.{digits}f}"
    return f"{found['mean']:.{digits}f} ({found['low']:.{digits}f} to {found['high']:.{digits}f})"


def table(report: Mapping, shown: Sequence[str]) -> list[dict[str, str]]:
    """One line an algorithm, best first by the first measure shown; those that have no value of it come last."""
    found = {measure: estimates(report, measure) for measure in shown}
    p = {row["with"]: row["p_corrected"] for row in report["comparisons"]}
    order = [*found[shown[0]], *(each["name"] for each in report["algorithms"] if each["name"] not in found[shown[0]])]
    by_name = {each["name"]: each for each in report["algorithms"]}
    lines = []
    for name in order:
        line = {"algorithm": name, "family": by_name[name]["family"]}
        for measure in shown:
            line[measure] = interval(found[measure][name]) if name in found[measure] else ""
            if measure == report["primary"] and p:
                line[f"p against {report['comparisons'][0]['of']}"] = f"{p[name]:.4f}" if name in p else ""
        lines.append(line)
    return lines


def costs(report: Mapping) -> list[dict]:
    """Time and memory of each algorithm."""
    return [
        {"algorithm": each["name"]} | {name: round(each["cost"][name], 3) for name in COST} for each in report["algorithms"]
    ]


def truths(report: Mapping) -> list[dict]:
    """Whether the reasons of each algorithm that gives any are true."""
    return [
        {"algorithm": each["name"]} | {name: each["explanations"][name] for name in TRUTH}
        for each in report["algorithms"]
        if each["explanations"]
    ]


def to_csv(report: Mapping) -> bytes:
    """All figures, one line an algorithm, UTF-8 with a mark that spreadsheets know; no cell that they would take for a
    formula. What cannot run stands there with the reason, without figures."""
    names = measures(report)
    head = ["algorithm", "family"]
    for name in names:
        head += [name, f"{name} low", f"{name} high"]
    head += [
        *COST,
        *(f"explanations: {name}" for name in TRUTH),
        "p (corrected)",
        "not applicable",
        "data",
        "protocol",
        "command",
    ]
    p = {row["with"]: row["p_corrected"] for row in report["comparisons"]}
    about = [cell(data_line(report)), report["protocol"], report["command"]]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    for each in report["algorithms"]:
        line: list = [cell(each["name"]), each["family"]]
        for name in names:
            found = each["measures"].get(name) or {}
            line += [found.get("mean", each["whole"].get(name)), found.get("low"), found.get("high")]
        line += [each["cost"][name] for name in COST] + [each["explanations"].get(name) for name in TRUTH]
        writer.writerow([*line, p.get(each["name"]), "", *about])
    for name, reason in report["not_applicable"].items():
        writer.writerow([cell(name), "", *[""] * (len(head) - 6), cell(reason), *about])
    return out.getvalue().encode("utf-8-sig")


_STYLE = """
:root { color-scheme: light; } body { font: 16px/1.5 system-ui, sans-serif; color: #221f1b; background: #faf8f4; margin: 0; }
main { max-width: 1080px; margin: 0 auto; padding: 2rem 1.2rem 4rem; } h1 { font-weight: 600; margin: 0 0 .3rem; }
h2 { font-weight: 600; font-size: 1.15rem; margin: 2.4rem 0 .4rem; } p { max-width: 46rem; margin: .4rem 0; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .32rem .9rem .32rem 0; border-bottom: 1px solid #e4dfd5; white-space: nowrap; }
td.long { white-space: normal; min-width: 20rem; } .warn { background: #fbeed5; padding: .5rem .8rem; border-radius: .3rem; }
code { font-size: .84rem; background: #efebe3; padding: .5rem .7rem; display: block; overflow-wrap: anywhere; }
small, dt { color: #6f6a61; } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; font-size: .86rem; }
dd { margin: 0; } @media print { body { background: #fff; } }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:; font-src data:"


def to_html(report: Mapping) -> str:
    """One HTML file with the figures, the tables, the settings and the command; plotly's code is in it, and its policy forbids
    the browser to fetch anything."""
    primary, names = report["primary"], measures(report)
    kinds, found = families(report), estimates(report, report["primary"])
    figures = [("The deciding measure", intervals_figure(found, kinds, measure=primary))]
    means = {name: one["mean"] for name, one in found.items()}
    for across in (a for a in ACROSS[:2] if a in names):
        there = {name: one["mean"] for name, one in estimates(report, across).items()}
        figure = trade_off_figure(there, means, kinds, across_title=across, up_title=primary)
        figures.append((f"{primary} against {across}", figure))
    if lines := curves(report, primary):
        kept = {name: lines[name] for name in chosen_curves(list(lines))}
        figures.append(("New people", cold_start_figure(kept, kinds, measure=primary)))
    drawn, script = [], True
    for title, figure in figures:
        part = figure.to_html(full_html=False, include_plotlyjs=script, config={"displayModeBar": False, "responsive": True})
        drawn.append(f"<h2>{_e(title)}</h2>{part}")
        script = False
    warning = "<p class=warn>These people are simulated: no person stands behind any rating.</p>" * report["data"]["simulated"]
    shown = [primary, *[m for m in names if m != primary and ("@" not in m or m.endswith("@20"))]]
    none = [{"algorithm": name, "reason": reason} for name, reason in report["not_applicable"].items()]
    said = "".join(f"<dt>{_e(name)}</dt><dd>{_e(words(name))}</dd>" for name in shown)
    return (
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><title>Recommenders compared</title>'
        f"<style>{_STYLE}</style></head><body><main><h1>Recommenders compared</h1><p>{_e(data_line(report))}</p>{warning}"
        f"<p>{_e(protocol_line(report))}</p><p><strong>{_e(headline(report))}</strong></p>{_left_out(report)}{''.join(drawn)}"
        f"<h2>All measures, with 95 % intervals (bootstrap over people)</h2>{_table(table(report, shown))}"
        f"<dl>{said}</dl><h2>Time and memory</h2>{_table(costs(report))}"
        f"<h2>Are the reasons true?</h2><p>{_e(TRUTH_WORDS)}</p>{_table(truths(report))}"
        + (f"<h2>Not applicable</h2>{_table(none)}" if none else "")
        + f"<h2>Made by</h2><code>{_e(report['command'])}</code><p><small>{_e(made_line(report))}</small></p>"
        "</main></body></html>"
    )


TRUTH_WORDS = (
    "Additivity error: the furthest that the parts of a reason are from adding up to the score. Faithfulness: how often taking "
    "away the known work that is named first lowers the score more than taking away another (0.5 is chance). Stability: the "
    "share of the named works that stay named when another known work is taken away."
)


def _left_out(report: Mapping) -> str:
    data = report["data"]
    said = [f"{count:,} lines left out: {reason}." for reason, count in data["left_out"].items()]
    said += [f"{data['repeated']:,} pairs came again; the last one counts."] if data["repeated"] else []
    return "".join(f"<p><small>{_e(line)}</small></p>" for line in said)


def _table(lines: Sequence[Mapping]) -> str:
    if not lines:
        return "<p>None.</p>"
    head = "".join(f"<th>{_e(name)}</th>" for name in lines[0])
    body = "".join("<tr>" + "".join(_cell(value) for value in line.values()) + "</tr>" for line in lines)
    return f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _cell(value) -> str:
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return f"<td{' class=long' * (len(text) > 60)}>{_e(text)}</td>"


def _e(text: str) -> str:
    return html.escape(str(text))
