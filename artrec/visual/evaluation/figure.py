"""The confusion of styles as a figure."""

import plotly.graph_objects as go

from artrec.errors import ArtrecError


def confusion(styles: list[str], table: list[list[int]], title: str = "") -> go.Figure:
    """What each style was taken for: rows are what is true, columns what was said; shares of each row as shade, counts as
    numbers. Sequential colours that colour-blind eyes can order."""
    names = [style.replace("_", " ") for style in styles]
    shares = [[count / max(sum(row), 1) for count in row] for row in table]
    figure = go.Figure(
        go.Heatmap(
            z=shares, x=names, y=names, text=table, texttemplate="%{text}", colorscale="Blues", zmin=0, zmax=1,
            xgap=2, ygap=2, colorbar={"title": "share", "tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
            hovertemplate="%{y}, taken for %{x}: %{text} (%{z:.0%})<extra></extra>",
        )
    )  # fmt: skip
    figure.update_layout(
        title=title, width=760, height=680, margin={"l": 150, "r": 20, "t": 70, "b": 130}, template="plotly_white",
        xaxis={"title": "taken for", "tickangle": -35, "constrain": "domain"},
        yaxis={"title": "is", "autorange": "reversed", "scaleanchor": "x"},
    )  # fmt: skip
    return figure


def write(figure: go.Figure, file) -> None:
    """As one HTML page that needs no network. Raises `ArtrecError` where it cannot be written."""
    from artrec.files import write_whole

    try:
        write_whole(file, figure.to_html(include_plotlyjs=True, full_html=True))
    except OSError as error:
        raise ArtrecError(f"{file} cannot be written ({error.strerror}).", "Name another file.") from error
