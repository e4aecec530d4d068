"""A small invented population as FHIR Patients: the same seed gives the same records in the same order."""

import random

FEMALE = "Achieng Amina Asha Atieno Chebet Esther Fatuma Grace Halima Imani Joyce Khadija Lucy Makena Mary Mwende " \
    "Naliaka Nekesa Njeri Pendo Rehema Rose Saida Salome Tabitha Wanjiku Zawadi Zuhura".split()
MALE = "Abdalla Barasa Brian Daudi Elijah Hamisi Hassan Ibrahim Jabari James John Joseph Juma Kamau Kevin Kiprono " \
    "Musa Mutua Mwangi Ochieng Odhiambo Omari Onyango Peter Rashid Samuel Simiyu Yusuf".split()
STARTS = "Ba Che Do Ka Ke Ki Ko Ma Mbu Mu Mwa Na Ndu Nja O Ochi Odhi Oku Ru Sa Si Ta Tu Wa We Wai".split()
MIDDLES = "la ma nga ri ro sha ti to ya yi ra ki".split()
ENDS = "mba ndo ngo ni nya ri ta tho tu wa wi ya za".split()
TOWNS = [("Kisima", "Ziwani"), ("Mtoni", "Ziwani"), ("Bandari", "Pwani"), ("Mlimani", "Pwani"), ("Kijani", "Bonde")]
STREETS = ["Market Road", "Lake Street", "Mission Road", "School Lane", "Station Road", "Hospital Hill"]
SOURCES = ["hospital", "clinic", "laboratory", "community"]
MOTHER = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName"
REVISION = "urn:tessera:test:revision"


def people(count, seed):
    """`count` people, half of them in families that share family name, address, telephone and mother."""
    draw = random.Random(seed)
    found = []
    while len(found) < count:
        town, district = draw.choice(TOWNS)
        home = {
            "family": draw.choice(STARTS) + draw.choice(MIDDLES) + draw.choice(ENDS),
            "phone": "07%08d" % draw.randrange(10**8),
            "line": "%d %s" % (draw.randint(1, 400), draw.choice(STREETS)),
            "city": town,
            "district": district,
            "mother": draw.choice(FEMALE) + " " + draw.choice(STARTS) + draw.choice(ENDS),
        }
        for given in draw.sample(FEMALE, 3) if draw.random() < 0.2 else [draw.choice(FEMALE + MALE)]:
            found.append(dict(
                home,
                given=given,
                gender="female" if given in FEMALE else "male",
                birth="%04d-%02d-%02d" % (draw.randint(1940, 2022), draw.randint(1, 12), draw.randint(1, 28)),
                national="%08d" % draw.randrange(10**8) if draw.random() < 0.6 else "",
            ))
    return found[:count]


def patient(person, source, value, revision=1):
    """A person as one source knows it; the revision changes the document in a field that no rule compares."""
    resource = {
        "resourceType": "Patient",
        "identifier": [{"system": source, "value": value}],
        "name": [{"family": person["family"], "given": [person["given"]]}],
        "gender": person["gender"],
        "birthDate": person["birth"],
        "telecom": [{"system": "phone", "value": person["phone"]}],
        "address": [{"line": [person["line"]], "city": person["city"], "district": person["district"]}],
        "extension": [
            {"url": MOTHER, "valueString": person["mother"]},
            {"url": REVISION, "valueString": str(revision)},
        ],
    }
    if person["national"]:
        resource["identifier"].append({"system": "urn:national", "value": person["national"]})
    return resource


def noisy(person, draw):
    """The same person with one or two of the faults that registration desks make."""
    other = dict(person)
    for _ in range(draw.choice([1, 1, 2])):
        fault = draw.randrange(6)
        if fault == 0:
            other["given"] = misspelt(other["given"], draw)
        elif fault == 1:
            other["family"] = misspelt(other["family"], draw)
        elif fault == 2:
            other["given"], other["family"] = other["family"], other["given"]
        elif fault == 3:
            other["phone"] = "07%08d" % draw.randrange(10**8)
        elif fault == 4:
            other["birth"] = other["birth"][:4] + "-01-01"
        else:
            other["national"] = ""
    return other


def misspelt(text, draw):
    if len(text) < 4:
        return text
    at = draw.randint(1, len(text) - 2)
    return draw.choice([text[:at] + text[at + 1:], text[:at] + text[at] + text[at:],
                        text[:at - 1] + text[at] + text[at - 1] + text[at + 1:]])


def records(count, seed, prefix="r"):
    """`count` records of about half as many people: a list of (person, source, value)."""
    draw = random.Random(seed + 1)
    rows = []
    for person in people(count, seed):
        for copy in range(draw.choice([1, 1, 2, 3])):
            source = draw.choice(SOURCES)
            rows.append((noisy(person, draw) if copy else person, source, "%s%06d" % (prefix, len(rows))))
    rows = rows[:count]
    draw.shuffle(rows)
    return rows
