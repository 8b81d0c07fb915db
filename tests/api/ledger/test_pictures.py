"""A phone asks for the picture of a map of its site by its hash."""

from __future__ import annotations

from sync.encoding import b64url_decode, sha256_hex
from tests.api.field import SAME_ORIGIN, Garden, data, slug
from tests.edge.pictures import jpeg


def test_a_phone_gets_the_pictures_of_its_site_and_no_other(garden: Garden) -> None:
    li = garden.client("li")
    made = li.post(
        f"/api/v1/sites/{garden.site}/maps?zh=x",
        data=jpeg(),
        content_type="image/jpeg",
        headers=SAME_ORIGIN,
    ).json
    assert made is not None
    name = made["image"]["sha256"]
    here, elsewhere = garden.handset(), garden.handset(site=garden.north)

    answer = here.post("picture", {"sha256": name})
    refused = elsewhere.post("picture", {"sha256": name})

    assert answer.status_code == 200
    picture = b64url_decode(data(answer)["data"])
    assert picture is not None
    assert sha256_hex(picture) == name == data(answer)["sha256"]
    assert (refused.status_code, slug(refused)) == (404, "not-found")
