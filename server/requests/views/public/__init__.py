"""The resident's pages: behind a printed code, and behind the private link of a request. Nobody logs in."""

from server.requests.views.public import code, files, link

__all__ = ["code", "files", "link"]
