"""Queries: rows PIXV2 and PDQV2."""

import pytest

from mllp import OID
from test_protocol import name, word


@pytest.fixture
def pair(ihe):
    """One person in two domains, linked by a national identifier."""
    one, two, national, family = name(), name(), name(), word()
    rest = f"||{family}^ANNA||19800101|F"
    ihe.register(f"PID|||{one}^^^TEST_A~{national}^^^NID{rest}", "TEST_HARNESS_A")
    ihe.register(f"PID|||{two}^^^TEST_B~{national}^^^NID{rest}", "TEST_HARNESS_B")
    return one, two, national, family


def test_pix_01(ihe, pair):
    """PIXV2-01"""
    one, two, national, _ = pair
    found = ihe.pix(f"{one}^^^TEST_A")
    assert (found.code, found.status, found.patients) == ("AA", "OK", 1)
    assert (two, "TEST_B", f"{OID}.3", "ISO") in found.identifiers()
    assert one not in found.values() and national in found.values()
    assert found.field("PID", 5) == "~^^^^^^S"
    assert [found.field("PID", number) for number in (6, 7, 8, 11)] == [""] * 4


def test_pix_02(ihe, pair):
    """PIXV2-02"""
    found = ihe.pix(f"{pair[0]}^^^TEST_A", "^^^TEST")
    assert (found.code, found.status, found.patients) == ("AA", "NF", 0)


def test_pix_03(ihe):
    """PIXV2-03"""
    found = ihe.pix(f"{name()}^^^TEST")
    assert (found.code, found.status, found.places, found.codes) == ("AE", "AE", ["QPD^1^3^1^1"], ["204"])


def test_pix_04(ihe):
    """PIXV2-04"""
    found = ihe.pix("1^^^NOBODY")
    assert (found.code, found.status, found.places, found.codes) == ("AE", "AE", ["QPD^1^3^1^4"], ["204"])


def test_pix_05(ihe, pair):
    """PIXV2-05"""
    found = ihe.pix(f"{pair[0]}^^^TEST_A", "^^^TEST_B~^^^NOBODY")
    assert (found.code, found.status, found.places, found.codes) == ("AE", "AE", ["QPD^1^4^2"], ["204"])


def test_pix_06(ihe):
    """PIXV2-06"""
    one, two, three, national, family = name(), name(), name(), name(), word()
    rest = f"~{national}^^^NID||{family}^ANNA||19800101|F"
    ihe.register(f"PID|||{one}^^^TEST{rest}")
    ihe.register(f"PID|||{two}^^^TEST_B{rest}", "TEST_HARNESS_B")
    ihe.register(f"PID|||{three}^^^TEST_B{rest}", "TEST_HARNESS_B")
    found = ihe.pix(f"{one}^^^TEST", "^^^NID~^^^TEST_B")
    assert found.values()[0] == national and set(found.values()[1:]) == {two, three}


@pytest.mark.parametrize("domain", ["^^^TEST_B", f"^^^&{OID}.3&ISO", f"^^^TEST_B&{OID}.3&ISO"])
def test_pix_07(ihe, pair, domain):
    """PIXV2-07"""
    assert ihe.pix(f"{pair[0]}^^^TEST_A", domain).values() == [pair[1]]


def test_pix_08(ihe, pair):
    """PIXV2-08"""
    found = ihe.pix(f"{pair[0]}^^^TEST_A^PI", "^^^TEST_B", tag="TAG 5")
    assert found.field("QAK", 1) == "TAG 5"
    assert f"QPD|IHE PIX Query|TAG 5|{pair[0]}^^^TEST_A^PI|^^^TEST_B\r" in found.raw


def test_pdq_01_to_06(ihe):
    """PDQV2-01 to -06: by every field of the profile"""
    value, family = name(), word()
    ihe.register(f"PID|||{value}^^^TEST||{family}^ANNA||19800102|F|||Plot 5^^{family}TOWN^N^256^UG|||||||"
                 f"AC{value}^^^TEST")
    for fields in (f"@PID.3.1^{value}~@PID.3.4.1^TEST", f"@PID.5.1.1^{family}", f"@PID.5.1^{family}~@PID.7^19800102",
                   f"@PID.5.1^{family}~@PID.8^F", f"@PID.11.3^{family}TOWN", f"@PID.11.5^256~@PID.5.1^{family}",
                   f"@PID.18.1^AC{value}~@PID.18.4.1^TEST", f"@PID.5.1^{family[:4].lower()}*"):
        found = ihe.pdq(fields)
        assert (found.code, found.status, found.patients) == ("AA", "OK", 1), fields
        assert found.values() == [value]
        assert [bool(found.field("PID", number)) for number in (3, 5, 7, 8, 11)] == [True] * 5


def test_pdq_07_domain_needed(ihe):
    """PDQV2-07"""
    found = ihe.pdq("@PID.3.1^17")
    assert (found.code, found.status) == ("AE", "AE") and found.places[0].startswith("QPD^1^3^1")


@pytest.mark.parametrize("fields", [
    "@PID.3.1^1~@PID.3.4.99^X", "@ZZZ.1^X", "@PID.99^X", "@PID^X", "PID.5.1^X", "@PID.5.1"])
def test_pdq_08_unknown_field(ihe, fields):
    """PDQV2-08"""
    found = ihe.pdq(fields)
    assert found.code in ("AE", "AR") and found.status == "AE" and found.patients == 0
    assert found.places[0].startswith("QPD^1^3")


def test_pdq_09_nothing(ihe):
    """PDQV2-09"""
    found = ihe.pdq(f"@PID.5.1^{word()}")
    assert (found.code, found.status, found.patients) == ("AA", "NF", 0)


def test_pdq_10_domains(ihe, pair):
    """PDQV2-10"""
    one, two, _, family = pair
    assert ihe.pdq(f"@PID.5.1^{family}", "^^^TEST_B").values() == [two]
    assert set(ihe.pdq(f"@PID.5.1^{family}", "^^^TEST_A~^^^TEST_B").values()) == {one, two}
    found = ihe.pdq(f"@PID.5.1^{family}", "^^^TEST")
    assert (found.code, found.status, found.patients) == ("AA", "NF", 0)


def test_pdq_11_unknown_domains(ihe):
    """PDQV2-11"""
    found = ihe.pdq(f"@PID.5.1^{word()}", "^^^NOBODY~^^^TEST~^^^NONE")
    assert (found.code, found.status, found.places) == ("AE", "AE", ["QPD^1^8^1", "QPD^1^8^3"])


def pages(ihe, family, tag):
    found = ihe.pdq(f"@PID.5.1^{family}", size="10^RD", tag=tag)
    yield found
    while found.pointer:
        found = ihe.pdq(f"@PID.5.1^{family}", size="10^RD", tag=tag, pointer=found.pointer)
        yield found


def many(ihe, count):
    family = word()
    for index in range(count):
        given, year = word(), 1930 + 3 * index
        ihe.register(f"PID|||{name()}^^^TEST||{family}^{given}||{year}0{index % 9 + 1}1{index % 9}|{'FM'[index % 2]}")
    return family


def test_pdq_12_pages(ihe):
    """PDQV2-12"""
    family = many(ihe, 25)
    found = list(pages(ihe, family, "PAGES"))
    assert [page.patients for page in found] == [10, 10, 5]
    values = {page.values(group)[0] for page in found for group in range(page.patients)}
    assert len(values) == 25 and not found[-1].pointer


def test_pdq_13_cancel(ihe):
    """PDQV2-13"""
    family = many(ihe, 12)
    first = ihe.pdq(f"@PID.5.1^{family}", size="10^RD", tag="CANCEL")
    assert first.pointer
    cancel = ihe.send("MSH|^~\\&|TEST_HARNESS|TEST|CR1|MOH|20260101||QCN^J01^QCN_J01|C1|P|2.5",
                      "QID|CANCEL|IHE PDQ Query")
    assert cancel.code == "AA"
    after = ihe.pdq(f"@PID.5.1^{family}", size="10^RD", tag="CANCEL", pointer=first.pointer)
    assert (after.code, after.status) == ("AE", "AE")


def test_pdq_14_bogus_pointer(ihe):
    """PDQV2-14"""
    found = ihe.pdq(f"@PID.5.1^{word()}", pointer="BOGUS")
    assert (found.code, found.places) == ("AE", ["DSC^1^1"])


def test_pdq_15_sender(ihe):
    """PDQV2-15"""
    found = ihe.pdq(f"@PID.5.1^{word()}")
    assert found.raw.split("\r")[0].split("|")[2:6] == ["CR1", "MOH", "TEST_HARNESS", "TEST"]


def test_pdq_alternatives(ihe):
    """The same field twice means either, different fields mean both"""
    one, two = word(), word()
    ihe.register(f"PID|||{name()}^^^TEST||{one}^ANNA||19800101|F")
    ihe.register(f"PID|||{name()}^^^TEST||{two}^BERT||19700202|M")
    assert ihe.pdq(f"@PID.5.1^{one}~@PID.5.1^{two}").patients == 2
    assert ihe.pdq(f"@PID.5.1^{one}~@PID.5.1^{two}~@PID.8^M").patients == 1
