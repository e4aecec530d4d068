/// Writes down a person as a facility would: late, early, with gaps and slips.
struct RecordClerk: Sendable {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// The record of one visit; `copy` 0 is the person's first.
    func record(of person: SyntheticPerson, copy: Int) -> SyntheticRecord {
        var random = SeededRandom(seed: seed, .record, person.number, copy)
        let facility = Facility.all[random.below(Facility.all.count)]
        var record = SyntheticRecord()
        record.source = facility.name
        // An early visit saw the old address, the old phone and the maiden name.
        let isEarly = random.chance(420)
        writeNames(person, isEarly: isEarly, facility: facility, into: &record, &random)
        writeBirth(person, into: &record, &random)
        writeContacts(person, isEarly: isEarly, facility: facility, into: &record, &random)
        if facility.isUppercase {
            record.givenName = record.givenName.uppercased()
            record.middleName = record.middleName.uppercased()
            record.familyName = record.familyName.uppercased()
            record.motherName = record.motherName.uppercased()
        }
        return record
    }

    private func writeNames(
        _ person: SyntheticPerson,
        isEarly: Bool,
        facility: Facility,
        into record: inout SyntheticRecord,
        _ random: inout SeededRandom
    ) {
        var given = person.given
        if random.chance(60), let nicknames = Nicknames.table[given] {
            given = nicknames[random.below(nicknames.count)]
        }
        var middle = random.chance(facility.missingMiddle) ? "" : person.middle
        if !middle.isEmpty && random.chance(180) { middle = String(middle.prefix(1)) }
        var family = isEarly && !person.maidenName.isEmpty ? person.maidenName : person.family
        if random.chance(facility.slips) { given = Spelling.misspelt(given, &random) }
        if random.chance(facility.slips) { family = Spelling.misspelt(family, &random) }
        if middle.count > 1 && random.chance(facility.slips) { middle = Spelling.misspelt(middle, &random) }
        if random.chance(30) { swap(&given, &family) }
        if !middle.isEmpty && random.chance(20) { swap(&given, &middle) }
        if random.chance(8) { family = "" }
        if random.chance(5) { given = "" }
        record.givenName = given
        record.middleName = middle
        record.familyName = family
        if !random.chance(facility.missingMother) {
            record.motherName =
                random.chance(facility.slips)
                ? Spelling.misspelt(person.motherName, &random) : person.motherName
            if random.chance(150), let space = record.motherName.firstIndex(of: " ") {
                record.motherName = String(record.motherName[..<space])
            }
        }
        let isSlip = random.chance(7)
        if !random.chance(20) { record.sex = person.isFemale != isSlip ? facility.female : facility.male }
    }

    private func writeBirth(_ person: SyntheticPerson, into record: inout SyntheticRecord, _ random: inout SeededRandom)
    {
        var birth = person.birth
        switch random.below(1_000) {
        case 0..<20: return
        case 20..<70:
            // The clerk asked for the age.
            birth.month = 1
            birth.day = 1
            if random.chance(400) { birth.year += random.below(3) - 1 }
        case 70..<85 where birth.day <= 12: (birth.month, birth.day) = (birth.day, birth.month)
        case 85..<100: birth.year += random.chance(500) ? 1 : -1
        case 100..<115: birth.day = 1 + random.below(BirthDate.length(ofMonth: birth.month))
        case 115..<125:
            record.birthDate = Spelling.mistyped(birth.text, &random)
            return
        case 125..<132:
            record.birthDate = String(birth.text.prefix(random.chance(500) ? 4 : 7))
            return
        default: break
        }
        record.birthDate = birth.text
    }

    private func writeContacts(
        _ person: SyntheticPerson,
        isEarly: Bool,
        facility: Facility,
        into record: inout SyntheticRecord,
        _ random: inout SeededRandom
    ) {
        if !random.chance(facility.missingPhone) {
            var phone = isEarly && !person.formerPhone.isEmpty ? person.formerPhone : person.phone
            if random.chance(12) { phone = Spelling.mistyped(phone, &random) }
            record.phone = facility.isInternational ? "+\(person.stock.culture.dialling)\(phone)" : "0\(phone)"
        }
        if !person.nationalIdentifier.isEmpty && !random.chance(facility.missingIdentifier) {
            let identifier = person.nationalIdentifier
            record.nationalIdentifier = random.chance(12) ? Spelling.mistyped(identifier, &random) : identifier
        }
        if !person.email.isEmpty && !random.chance(facility.missingEmail) { record.email = person.email }
        guard !random.chance(facility.missingAddress) else { return }
        let address = isEarly ? person.formerAddress ?? person.address : person.address
        record.addressLine = random.chance(facility.slips) ? Spelling.misspelt(address.line, &random) : address.line
        record.city = address.city
        record.district = address.district
        if !random.chance(400) { record.postalCode = address.postalCode }
    }
}
