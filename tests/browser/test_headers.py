"""What our headers ask of the browser, it understands."""

import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "worker"]),
]


def test_the_browser_complains_of_nothing_on_a_page(live_server, open_context):
    page, said = open_context().new_page(), []
    page.on("console", lambda message: said.append(message.text))

    response = page.goto(f"{live_server.url}/about/")

    assert response.status == 200
    assert "Permissions-Policy".lower() in response.headers
    assert said == []
