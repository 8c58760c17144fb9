"""People: under which name likes are kept, the class they belong to, and what is kept."""

from artrec.ui import frame, people_page

with frame.open("People") as app:
    people_page.show(app)
