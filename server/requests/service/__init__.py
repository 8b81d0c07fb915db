"""What may be done with requests: the functions that views and other features call."""

from server.requests.service.acting import (
    HasOwner,
    NotNow,
    add_to_merged,
    follow,
    handlers_of,
    held,
    last_of,
    merge_into,
    new_link,
    offer,
    say,
    settle_offer,
    sort,
    take,
    withdraw,
    write_more,
)
from server.requests.service.desk import change_desk, desk_of
from server.requests.service.dues import dues
from server.requests.service.erasing import erase
from server.requests.service.following import Followed, followed, texts_of
from server.requests.service.forgetting import forget_contacts
from server.requests.service.links import FORM_KEY, request_behind, secret_of_form
from server.requests.service.opening import Contact, digits_of, keep_contact, open_request
from server.requests.service.photos import (
    Drawn,
    NoPhoto,
    TooManyPhotos,
    draw,
    photo_number,
    photo_of,
    photos_of,
)
from server.requests.service.queue import callers, one_of, queue_of
from server.requests.service.scanned import Scanned, scanned
from server.requests.service.summing import month_of
from server.requests.service.work import order, register_all, say_to_orders
from server.requests.service.writing import events_of, request_of, state_of, tell

__all__ = [
    "FORM_KEY",
    "Contact",
    "Drawn",
    "Followed",
    "HasOwner",
    "NoPhoto",
    "NotNow",
    "Scanned",
    "TooManyPhotos",
    "add_to_merged",
    "callers",
    "change_desk",
    "desk_of",
    "digits_of",
    "draw",
    "dues",
    "erase",
    "events_of",
    "follow",
    "followed",
    "forget_contacts",
    "handlers_of",
    "held",
    "keep_contact",
    "last_of",
    "merge_into",
    "month_of",
    "new_link",
    "offer",
    "one_of",
    "open_request",
    "order",
    "photo_number",
    "photo_of",
    "photos_of",
    "queue_of",
    "register_all",
    "request_behind",
    "request_of",
    "say",
    "say_to_orders",
    "scanned",
    "secret_of_form",
    "settle_offer",
    "sort",
    "state_of",
    "take",
    "tell",
    "texts_of",
    "withdraw",
    "write_more",
]
