"""What summary and text say together: deadlines that stand in one of them alone, and the money of headings and sentences."""

from tests.connectors.feed.pages import only, page, rss
from tests.connectors.feed.test_reading import item


def long_item(short: str, text: str) -> str:
    body = rss(item(short) + f"<content:encoded><![CDATA[{text}]]></content:encoded>")
    return body.replace("<rss ", '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" ')


def test_F15_a_deadline_that_only_the_short_summary_states_is_found() -> None:
    notice = only(page(long_item("Domande entro le ore 17:00 del 24/06/2027", "<p>" + "parola " * 60 + "</p>")))
    assert [(str(deadline.on), deadline.at) for deadline in notice.deadlines] == [("2027-06-24", "17:00")]
    assert "24/06" not in (notice.body or "")


def test_a_summary_that_is_cut_off_in_the_middle_of_a_day_says_no_other_day() -> None:
    text = "Domande entro il 30/06/2027 al comune, dotazione 1.500.000 euro. " + "parola " * 60
    for cut in ("Domande entro il 30/06/20 […]", "Domande entro il 30/06/20...", "Altro. Domande entro il 30/06/20…"):
        notice = only(page(long_item(cut, f"<p>{text}</p>")))
        assert [str(deadline.on) for deadline in notice.deadlines] == ["2027-06-30"]


def test_a_heading_that_is_an_amount_and_nothing_else_is_the_whole_of_a_call() -> None:
    text = (
        "<h3>3 milioni di euro<br>di cui 300.000 riservati</h3><p>È riservata una parte della dotazione, pari a 300.000 euro."
        " Il contributo, nella misura massima di 100.000 euro per singola PMI, e un contributo pari a 4.954,80 euro.</p>"
    )
    notice = only(page(rss(item(text))))
    assert notice.budget is not None
    assert notice.grant is not None
    assert (str(notice.budget.total), str(notice.grant.max)) == ("3000000", "100000")


def test_a_heading_is_not_the_whole_where_the_text_names_more() -> None:
    notice = only(
        page(rss(item("<h3>10.000 euro</h3><p>per impresa; dotazione complessiva di 2 milioni di euro.</p>")))
    )
    assert notice.budget is not None
    assert str(notice.budget.total) == "2000000"


def test_letters_that_a_typesetter_joined_hide_no_words() -> None:
    notice = only(page(rss(item("Domande ﬁno a esaurimento delle risorse"))))
    assert [deadline.certainty for deadline in notice.deadlines] == ["until_funds"]
