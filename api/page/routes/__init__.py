"""The addresses of the live page."""

from api.page import static
from api.page.routes import acting, documents, home, listing, showing, signing, submitting

ROUTERS = (
    home.router, signing.router, static.router, listing.router, submitting.router,
    acting.router, documents.router, showing.router,
)  # fmt: skip
"""All of them; those with fixed addresses before those with an id in it."""
