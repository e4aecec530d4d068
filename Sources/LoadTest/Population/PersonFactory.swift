/// Makes the people of a household from the seed.
struct PersonFactory: Sendable {
    private let seed: UInt64
    private let tables = PopulationTables.shared

    init(seed: UInt64) { self.seed = seed }

    func person(_ number: Int, home: PopulationLayout.Home) -> SyntheticPerson {
        let household = Household(number: home.household, size: home.size, seed: seed, tables: tables)
        let role = household.role(home.position)
        var random = SeededRandom(seed: seed, .person, number)
        let isFemale = sex(of: home.position, role: role, household: household, random: &random)
        let birth = birthDate(position: home.position, role: role, household: household, random: &random)
        let given = givenName(position: home.position, role: role, isFemale: isFemale, household: household)
        var person = SyntheticPerson(
            number: number,
            isFemale: isFemale,
            birth: birth,
            given: given,
            middle: "",
            family: "",
            motherName: "",
            phone: "",
            address: household.address,
            stock: household.stock
        )
        nameFamily(&person, role: role, household: household, random: &random)
        giveContacts(&person, role: role, household: household, random: &random)
        if person.age >= 18 && random.chance(650) {
            person.nationalIdentifier = NationalIdentifier.make(for: person)
        }
        return person
    }

    private func sex(
        of position: Int,
        role: Household.Role,
        household: Household,
        random: inout SeededRandom
    ) -> Bool {
        let drawn = random.chance(505)
        switch role {
        case .head: return household.isHeadFemale
        case .spouse: return !household.isHeadFemale
        case .relative: return drawn
        case .child: return childIsFemale(position, household)
        }
    }

    /// Two in three twins have the sex of the elder.
    private func childIsFemale(_ position: Int, _ household: Household) -> Bool {
        var random = SeededRandom(seed: seed, .household, household.number, 100 + position)
        if household.isTwin(position) && random.chance(660) { return childIsFemale(position - 1, household) }
        return random.chance(500)
    }

    private func birthDate(
        position: Int,
        role: Household.Role,
        household: Household,
        random: inout SeededRandom
    ) -> BirthDate {
        var year: Int
        switch role {
        case .head: year = household.headYear
        case .spouse: year = household.spouseYear
        case .relative: year = Household.presentYear - random.below(random.chance(400) ? 95 : 40)
        case .child(let order):
            let source = household.isTwin(position) ? position - 1 : position
            let first = household.isTwin(position) ? order - 1 : order
            var shared = SeededRandom(seed: seed, .household, household.number, 200 + source)
            year = household.motherYear + 17 + first * 3 + shared.below(5)
            // Late-born children and those of an old head are grandchildren.
            if year >= Household.presentYear || year < Household.presentYear - 32 {
                year = Household.presentYear - 1 - shared.below(18)
            }
            return estimated(BirthDate(year: year, random: &shared), random: &shared)
        }
        year = max(Household.presentYear - 95, min(Household.presentYear, year))
        let isRounded = Household.presentYear - year > 30 && random.chance(150)
        if isRounded { year -= year % 5 }
        return estimated(BirthDate(year: year, random: &random), random: &random)
    }

    /// The older the birth, the likelier that only the year was ever written down: then it is the first of January.
    private func estimated(_ date: BirthDate, random: inout SeededRandom) -> BirthDate {
        let age = Household.presentYear - date.year
        guard random.chance(age > 45 ? 180 : age > 20 ? 80 : 15) else { return date }
        var date = date
        date.month = 1
        date.day = 1
        return date
    }

    /// A given name; brothers do not share one, nor do sisters.
    private func givenName(
        position: Int,
        role: Household.Role,
        isFemale: Bool,
        household: Household
    ) -> String {
        guard case .child = role else { return drawGiven(position, isFemale, household, attempt: 0) }
        if let twin = twinName(position, isFemale, household) { return twin }
        var taken: [String] = []
        var name = ""
        for sibling in (household.hasSpouse ? 2 : 1)...position {
            guard case .child = household.role(sibling), childIsFemale(sibling, household) == isFemale else {
                continue
            }
            var attempt = 0
            repeat {
                name = drawGiven(sibling, isFemale, household, attempt: attempt)
                attempt += 1
            } while taken.contains(name) && attempt < 8
            taken.append(name)
        }
        return name
    }

    /// The customary name of a twin in two families of three, where both are of one sex.
    private func twinName(_ position: Int, _ isFemale: Bool, _ household: Household) -> String? {
        let names = isFemale ? household.stock.twinGirls : household.stock.twinBoys
        guard names.count == 2 else { return nil }
        let isYounger = household.isTwin(position)
        let isElder = !isYounger && position + 1 < household.size && household.isTwin(position + 1)
        guard isYounger || isElder else { return nil }
        let other = isYounger ? position - 1 : position + 1
        var random = SeededRandom(seed: seed, .household, household.number, 300 + min(position, other))
        guard random.chance(660), childIsFemale(other, household) == isFemale else { return nil }
        return names[isYounger ? 1 : 0]
    }

    private func drawGiven(_ position: Int, _ isFemale: Bool, _ household: Household, attempt: Int) -> String {
        var random = SeededRandom(seed: seed, .household, household.number, 400 + position * 16 + attempt)
        return drawGiven(isFemale, household.stock, &random)
    }

    private func drawGiven(_ isFemale: Bool, _ stock: NameStock, _ random: inout SeededRandom) -> String {
        var names = isFemale ? stock.female : stock.male
        if random.chance(stock.culture.importedShare) {
            let source = stock.culture.faith == .muslim ? NameStock.arabic : NameStock.english
            names = isFemale ? source.female : source.male
        }
        return names[tables.drawGiven(names.count, &random)]
    }

    private func nameFamily(
        _ person: inout SyntheticPerson,
        role: Household.Role,
        household: Household,
        random: inout SeededRandom
    ) {
        let stock = household.stock
        let isInherited = stock.culture.familyRule == .inherited
        func anyFamily(_ random: inout SeededRandom) -> String { stock.family[tables.drawFamily(stock, &random)] }
        func anyMale(_ random: inout SeededRandom) -> String { stock.male[tables.drawGiven(stock.male.count, &random)] }
        let householdFamily = stock.family[household.familyRank]
        let mothersGiven = drawGiven(true, stock, &random)
        person.motherName = "\(mothersGiven) \(anyFamily(&random))"
        if random.chance(550) {
            person.middle = isInherited ? drawGiven(person.isFemale, stock, &random) : anyMale(&random)
        }
        switch (role, isInherited) {
        case (.head, true): person.family = householdFamily
        case (.head, false):
            person.middle = stock.male[household.fatherRank]
            person.family = stock.male[household.grandfatherRank]
        case (.spouse, true) where person.isFemale:
            marry(&person, maidenName: stock.family[household.motherFamilyRank], name: householdFamily, &random)
        case (.spouse, true): person.family = anyFamily(&random)
        case (.child, true):
            person.family = householdFamily
            person.motherName = mother(household)
            if person.isFemale && person.age > 20 && random.chance(300) {
                marry(&person, maidenName: householdFamily, name: anyFamily(&random), &random)
            }
        case (.child, false):
            let father = drawGiven(0, false, household, attempt: household.isHeadFemale ? 1 : 0)
            person.middle = father
            person.family = stock.male[household.fatherRank]
            person.motherName = mother(household)
        case (.spouse, false), (.relative, false):
            person.middle = anyMale(&random)
            person.family = anyMale(&random)
        case (.relative, true): person.family = random.chance(400) ? householdFamily : anyFamily(&random)
        }
        if person.middle == person.given { person.middle = "" }
    }

    /// Gives a woman her husband's name, hyphenated or not at all, as couples choose.
    private func marry(
        _ person: inout SyntheticPerson,
        maidenName: String,
        name: String,
        _ random: inout SeededRandom
    ) {
        person.family = maidenName
        guard maidenName != name, random.chance(600) else { return }
        person.maidenName = maidenName
        person.family = random.chance(130) ? "\(maidenName)-\(name)" : name
    }

    /// The name under which the mother of a household's children was registered at their births.
    private func mother(_ household: Household) -> String {
        let stock = household.stock
        let isHead = household.isHeadFemale
        let given = drawGiven(isHead ? 0 : 1, true, household, attempt: isHead || household.hasSpouse ? 0 : 2)
        if stock.culture.familyRule == .patronymic {
            return "\(given) \(stock.male[household.motherFamilyRank % stock.male.count])"
        }
        return "\(given) \(stock.family[isHead ? household.familyRank : household.motherFamilyRank])"
    }

    private func giveContacts(
        _ person: inout SyntheticPerson,
        role: Household.Role,
        household: Household,
        random: inout SeededRandom
    ) {
        let hasOwnPhone = role == .head || (person.age >= 16 && random.chance(650))
        let own = role == .head ? household.phone : random.below(100_000_000)
        person.phone = PersonFactory.phone(hasOwnPhone ? own : household.phone)
        if random.chance(220) { person.formerPhone = PersonFactory.phone(random.below(100_000_000)) }
        if random.chance(240) {
            person.formerAddress = Address(stock: household.stock, tables: tables, random: &random)
        }
        if person.age >= 16 && random.chance(140) {
            let number = random.below(3) == 0 ? String(random.below(100)) : ""
            let domain = ["gmail.com", "yahoo.com", "outlook.com", "mail.com"][random.below(4)]
            person.email = Spelling.ascii("\(person.given).\(person.family)\(number)@\(domain)").lowercased()
        }
    }

    /// Nine digits without the leading zero, as a mobile number has them.
    private static func phone(_ number: Int) -> String {
        var bytes = [UInt8](repeating: UInt8(ascii: "7"), count: 9)
        BirthDate.put(number, digits: 8, at: 1, in: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
