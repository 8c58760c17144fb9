"""`python -m artrec community …`: rooms, ratings of a file, export, deletion and retention, for whoever runs the app."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from artrec import config
from artrec.errors import ArtrecError
from artrec.files import write_json

WHAT = ("room", "rooms", "close", "people", "import", "export", "forget", "retention")
NEEDS = {
    "room": "the name of the room", "close": "its join code", "import": "a CSV file of user_id,work_id[,rating][,timestamp]",
    "export": "the number of a profile (see `community people`)", "forget": "the number of a profile (see `community people`)",
    "retention": "a number of days, or 'off'",
}  # fmt: skip


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Give the command line its `community`. `command`: (name, run, help) → its parser."""
    parser = command("community", run, "Rooms, profiles and what is kept of people, in the store of the app.")
    parser.add_argument(
        "what", choices=WHAT, help="room NAME opens one; import FILE --room CODE; export, forget: N; retention DAYS"
    )
    parser.add_argument("subject", nargs="?", metavar="NAME|FILE|N|DAYS|off", help="of what; see the first argument")
    parser.add_argument("--room", metavar="CODE", help="import, people: the join code of a room")
    parser.add_argument("--scale", metavar="LOW-HIGH", help="import: the scale of the ratings, such as 1-7")
    parser.add_argument(
        "--collection", type=config.place, metavar="DIR", help="import: the collection whose works were rated (default: in use)"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="export: write the document there")


def run(options: argparse.Namespace) -> int:
    """The command. Raises `ArtrecError`."""
    if options.what in NEEDS and not options.subject:
        raise ArtrecError(
            f"`community {options.what}` needs {NEEDS[options.what]}.", f"Give it: community {options.what} …; see --help."
        )
    from artrec.community.store import open_store

    store = open_store()
    try:
        document, said = {
            "room": _room, "rooms": _rooms, "close": _close, "people": _people, "import": _import, "export": _export,
            "forget": _forget, "retention": _retention,
        }[options.what](store, options)  # fmt: skip
    finally:
        store.close()
    if options.json or said is None:
        print(json.dumps(document, ensure_ascii=False, indent=1))
    else:
        print(said)
    return 0


def _room(store, options) -> tuple[dict, str]:
    room = store.create_room(options.subject)
    return {"room": room.name, "code": room.shown}, f"{room.name} is open. Its join code: {room.shown}"


def _rooms(store, options) -> tuple[dict, str]:
    found = [
        {"room": r.name, "code": r.shown, "people": len(store.profiles(r)), "events": store.count(r)} for r in store.rooms()
    ]
    lines = (f"{r['code']}  {r['people']:>5} people  {r['events']:>7} events  {r['room']}" for r in found)
    return {"rooms": found}, "\n".join(lines) or "There is no room. Open one: community room NAME."


def _close(store, options) -> tuple[dict, str]:
    room = store.room(options.subject)
    count = store.rights.close_room(room)
    return {"room": room.name, "deleted": count}, f"{room.name} is closed; {count} people and all they did are deleted."


def _people(store, options) -> tuple[dict, str]:
    found = store.profiles(store.room(options.room)) if options.room else store.everybody()
    rows = [{"profile": p.id, "pseudonym": p.pseudonym, "room": p.room.name if p.room else None} for p in found]
    lines = (f"{r['profile']:>6}  {r['pseudonym']}" + (f"  ({r['room']})" if r["room"] else "") for r in rows)
    return {"people": rows}, "\n".join(lines) or "Nobody has a profile."


def _import(store, options) -> tuple[dict, str]:
    from artrec.artifacts import open_collection
    from artrec.community.ratings_import import import_ratings
    from artrec.evaluation.ratings import load_ratings, notes, scale_of

    if not options.room:
        raise ArtrecError(
            "There is no room to import into.", "Give its join code: --room CODE; `community room NAME` opens one."
        )
    room = store.room(options.room)
    ids = [work.artwork_id for work in open_collection(options.collection).catalogue]
    ratings = load_ratings(options.subject, ids, scale_of(options.scale) if options.scale else None)
    found = ratings.interactions
    rows = zip(
        found.users.tolist(), (ids[row] for row in found.works), found.values.tolist(), found.times.tolist(), strict=True
    )
    done = import_ratings(store, room, ratings.users, rows, found.scale, ratings.hash)
    for line in notes(ratings):
        print(f"artrec: {line}", file=sys.stderr)
    kind = "likes" if found.scale is None else "ratings"
    said = f"{done.events:,} {kind} of {done.people:,} people ({done.new_people:,} new) are in {room.name}."
    if done.renamed:
        said += f" {done.renamed:,} names were too long or e-mail addresses; those people are called Visitor and a number."
    about = {"room": room.name, "events": done.events, "people": done.people, "new_people": done.new_people}
    return about | {"renamed": done.renamed, "left_out": ratings.left_out, "repeated": ratings.repeated}, said


def _number(options) -> int:
    if not options.subject.isdecimal() or len(options.subject) > 18:
        raise ArtrecError(f"'{options.subject[:40]}' is not the number of a profile.", "See `community people`.")
    return int(options.subject)


def _export(store, options) -> tuple[dict, str | None]:
    document = store.export(_number(options))
    if options.out is None:
        return document, None
    try:
        write_json(options.out, document)
    except OSError as error:
        raise ArtrecError(f"{options.out} cannot be written ({error.strerror}).", "Name another file after --out.") from error
    return {"written": str(options.out), "events": len(document["events"])}, f"Written to {options.out}."


def _forget(store, options) -> tuple[dict, str]:
    person = store.profile(_number(options))
    store.forget(person.id)
    return {"deleted": person.pseudonym}, f"{person.pseudonym} and everything kept under that name is deleted."


def _retention(store, options) -> tuple[dict, str]:
    if options.subject == "off":
        days = None
    elif options.subject.isdecimal() and len(options.subject) < 9:
        days = int(options.subject)
    else:
        raise ArtrecError(f"'{options.subject[:40]}' is not a number of days.", "Give one from 1 to 36500, or 'off'.")
    deleted = store.retention(days)
    kept = "until it is deleted" if days is None else f"for {days:,} days"
    return {"days": days, "deleted": deleted}, f"What people do is kept {kept}. {deleted:,} events were older and are deleted."
