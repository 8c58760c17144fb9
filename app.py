"""The routes, and only the routes."""

from artrec.ui.frame import routes

routes().run()
