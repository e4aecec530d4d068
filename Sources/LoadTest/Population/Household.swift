/// What the members of a household share, and how they are related.
struct Household: Sendable {
    /// What a member is to the others.
    enum Role: Equatable, Sendable {
        case head
        case spouse
        /// The n-th child, from 0.
        case child(Int)
        /// A relative of another generation or by marriage.
        case relative
    }

    /// The year in which the population lives.
    static let presentYear = 2_025

    let number: Int
    let size: Int
    let seed: UInt64
    let stock: NameStock
    let cultureIndex: Int
    let address: Address
    let phone: Int
    let isHeadFemale: Bool
    let hasSpouse: Bool
    let headYear: Int
    let spouseYear: Int
    /// Rank of the head's family name.
    let familyRank: Int
    /// Rank of the mother's own family name.
    let motherFamilyRank: Int
    /// Ranks of the head's father's and grandfather's given names.
    let fatherRank: Int
    let grandfatherRank: Int

    init(number: Int, size: Int, seed: UInt64, tables: PopulationTables) {
        self.number = number
        self.size = size
        self.seed = seed
        var random = SeededRandom(seed: seed, .household, number)
        cultureIndex = tables.drawCulture(&random)
        let stock = NameStock.all[cultureIndex]
        self.stock = stock
        address = Address(stock: stock, tables: tables, random: &random)
        phone = random.below(100_000_000)
        isHeadFemale = random.chance(size == 1 ? 500 : 280)
        hasSpouse = size > 1 && random.chance(isHeadFemale ? 80 : 850)
        // Two draws make the middle ages the most common ones.
        headYear = Household.presentYear - 20 - random.below(36) - random.below(size == 1 ? 38 : 30)
        spouseYear = headYear + (isHeadFemale ? -random.below(9) : random.below(9)) + random.below(3) - 1
        familyRank = tables.drawFamily(stock, &random)
        motherFamilyRank = tables.drawFamily(stock, &random)
        fatherRank = tables.drawGiven(stock.male.count, &random)
        grandfatherRank = tables.drawGiven(stock.male.count, &random)
    }

    func role(_ position: Int) -> Role {
        if position == 0 { return .head }
        if position == 1 && hasSpouse { return .spouse }
        let child = position - (hasSpouse ? 2 : 1)
        // Every fifth further member is an aunt, a grandfather, a cousin from the village.
        if SeededRandom.mix(UInt64(number) &+ UInt64(position)) % 5 == 0 { return .relative }
        return .child(child)
    }

    /// The year in which the mother of the children was born.
    var motherYear: Int { isHeadFemale ? headYear : (hasSpouse ? spouseYear : headYear) }

    /// Whether the child at a position was born together with the one before it.
    func isTwin(_ position: Int) -> Bool {
        guard case .child(let order) = role(position), order % 2 == 1, case .child(let elder) = role(position - 1),
            elder == order - 1
        else { return false }
        var random = SeededRandom(seed: seed, .household, number, position)
        return random.chance(60)
    }
}
