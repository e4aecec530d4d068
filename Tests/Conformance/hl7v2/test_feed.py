"""Feeds: rows V2-ADT."""

import json
import urllib.parse
import urllib.request

import pytest

from mllp import OID
from test_protocol import name, word


def of(ihe, value):
    return ihe.pdq(f"@PID.3.1^{value}~@PID.3.4.1^TEST")


def fhir(ihe, value):
    query = urllib.parse.urlencode({"identifier": f"urn:oid:{OID}.1|{value}"})
    with urllib.request.urlopen(f"{ihe.url}/fhir/Patient?{query}") as answer:
        return json.load(answer)["entry"][0]["resource"]


@pytest.mark.parametrize("event, version", [
    ("A01", "2.3.1"), ("A04", "2.3.1"), ("A05", "2.3.1"), ("A28", "2.5"), ("A31", "2.5"), ("A05", "2.5")])
def test_adt_01_02_03_07_08_06(ihe, event, version):
    """V2-ADT-01, -02, -03, -06, -07, -08: created; the acknowledgement has the version's form"""
    value = name()
    answer = ihe.feed(event, f"PID|||{value}^^^TEST||NEW^ANNA||1980|F", version=version)
    assert answer.code == "AA"
    kind = answer.raw.split("\r")[0].split("|")[8]
    assert kind == (f"ACK^{event}" if version == "2.3.1" else f"ACK^{event}^ACK")
    assert of(ihe, value).field("PID", 5) == "NEW^ANNA"


def test_adt_04_update(ihe):
    """V2-ADT-04"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||MOVES^ANNA||1980|F|||Old^^GULU")
    assert ihe.feed("A08", f"PID|||{value}^^^TEST||MOVES^ANNA||1980|F|||New^^KAMPALA").code == "AA"
    assert of(ihe, value).field("PID", 11) == "New^^KAMPALA"


def test_adt_05_delete_and_keep(ihe):
    """V2-ADT-05"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||KEEPS^ANNA||1980|F|||||0772111111|0772222222")
    assert ihe.feed("A08", f'PID|||{value}^^^TEST||KEEPS^ANNA||||||||""|').code == "AA"
    found = of(ihe, value)
    assert found.field("PID", 13) == "" and found.field("PID", 14) == "0772222222"
    assert found.field("PID", 7) == "1980"
    assert [one["value"] for one in fhir(ihe, value)["telecom"]] == ["0772222222"]


@pytest.mark.parametrize("structure", ["A40^ADT_A39", "A40^ADT_A40", "A40"])
def test_adt_09_merge(ihe, structure):
    """V2-ADT-09"""
    survivor, old = name(), name()
    ihe.register(f"PID|||{survivor}^^^TEST||{word()}^{word()}||19800101|F")
    ihe.register(f"PID|||{old}^^^TEST||{word()}^{word()}||19500505|F")
    assert ihe.feed(structure, f"PID|||{survivor}^^^TEST", more=[f"MRG|{old}^^^TEST"]).code == "AA"
    gone = ihe.pix(f"{old}^^^TEST")
    assert (gone.code, gone.places, gone.codes) == ("AE", ["QPD^1^3^1^1"], ["204"])
    assert of(ihe, survivor).values() == [survivor]
    assert ihe.feed("A01", f"PID|||{old}^^^TEST||GOES^BERTA").code == "AE"


def test_adt_10_merges_that_cannot_be(ihe):
    """V2-ADT-10"""
    one, two, three = name(), name(), name()
    for value in (one, two, three):
        ihe.register(f"PID|||{value}^^^TEST||{word()}^{word()}||1980|F")
    cases = [(one, f"{name()}^^^TEST", "TEST_HARNESS", "204"), (one, f"{one}^^^TEST", "TEST_HARNESS", "205"),
             (one, f"{two}^^^TEST_B", "TEST_HARNESS", "204"), (one, f"{two}^^^TEST", "TEST_HARNESS_B", "204")]
    for survivor, old, client, code in cases:
        answer = ihe.feed("A40", f"PID|||{survivor}^^^TEST", client, more=[f"MRG|{old}"], version="2.5")
        assert (answer.code, answer.codes) == ("AE", [code])
    assert ihe.feed("A40", f"PID|||{one}^^^TEST", more=[f"MRG|{two}^^^TEST"]).code == "AA"
    again = ihe.feed("A40", f"PID|||{three}^^^TEST", more=[f"MRG|{two}^^^TEST"])
    assert again.code == "AE"
    assert of(ihe, three).values() == [three]


@pytest.mark.parametrize("domain", [f"&{OID}.1", "&&ISO", "OTHER", f"TEST&{OID}.2&ISO", f"&{OID}.77&ISO"])
def test_adt_11_12_domains(ihe, domain):
    """V2-ADT-11, V2-ADT-12"""
    answer = ihe.feed("A01", f"PID|||{name()}^^^{domain}||A^B")
    assert answer.code in ("AE", "AR")
    assert answer.old_error == "PID^1^3^204&Unknown Key Identifier"


def test_adt_13_own_and_other_identifiers(ihe):
    """V2-ADT-13"""
    value, other, third = name(), name(), name()
    ihe.register(f"PID|||{other}^^^NID~{value}^^^TEST~{third}^^^TEST_A||THREE^ANNA||1980|F")
    found = of(ihe, value)
    assert found.values()[0] == value and set(found.values()) == {value, other, third}
    assert ihe.pix(f"{third}^^^TEST_A", "^^^TEST").values() == [value]


def test_adt_14_twins(ihe):
    """V2-ADT-14"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||TWIN^ANNA||2020|F" + "|" * 16 + "Y|2")
    found = of(ihe, value)
    assert (found.field("PID", 24), found.field("PID", 25)) == ("Y", "2")
    assert fhir(ihe, value)["multipleBirthInteger"] == 2


def test_adt_15_death(ihe):
    """V2-ADT-15"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||LATE^ANNA||1920|F")
    assert ihe.feed("A08", f"PID|||{value}^^^TEST||LATE^ANNA||1920|F" + "|" * 21 + "20260102|Y").code == "AA"
    assert fhir(ihe, value)["deceasedDateTime"] == "2026-01-02"


def test_newborn_without_name(ihe):
    """A patient without a name is taken, and found by identifier"""
    value = name()
    ihe.register(f"PID|||{value}^^^TEST||||20260101|M")
    assert of(ihe, value).patients == 1


def test_what_fhir_sent_is_told(ihe):
    """A record that came by FHIR is told as PID"""
    value = name()
    body = {"resourceType": "Patient", "identifier": [{"system": f"urn:oid:{OID}.8", "value": value}],
            "name": [{"family": word(), "given": ["Anna", "B"]}], "gender": "female", "birthDate": "1980-02",
            "telecom": [{"system": "phone", "value": "0772"}], "address": [{"city": "Gulu"}]}
    request = urllib.request.Request(
        f"{ihe.url}/fhir/Patient", json.dumps(body).encode(), {"content-type": "application/fhir+json"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
    found = ihe.pdq(f"@PID.3.1^{value}~@PID.3.4.1^OPEN")
    assert found.field("PID", 5) == f"{body['name'][0]['family']}^Anna^B^^^^L"
    assert found.field("PID", 7) == "198002" and found.field("PID", 11) == "^^Gulu"
    # An update by HL7 v2 changes what it mentions, and nothing else.
    assert ihe.feed("A08", f"PID|||{value}^^^OPEN||||||||Plot 5^^LIRA").code == "AA"
    found = ihe.pdq(f"@PID.3.1^{value}~@PID.3.4.1^OPEN")
    assert found.field("PID", 7) == "198002" and found.field("PID", 11) == "Plot 5^^LIRA"
