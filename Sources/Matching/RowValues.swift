/// The values of a feature row as text for people.
struct RowValues {
    private let row: [UInt8]
    private var view = FeatureView()

    init(_ row: [UInt8]) {
        self.row = row
        // A row that cannot be read shows no values; who scores it learns of the fault.
        if !view.index(row[...]) { view = FeatureView() }
    }

    /// The values of a field; repetitions are separated by ` / `.
    func text(_ field: MatchField) -> String {
        switch field {
        case .givenName: repetitions { name(.given, $0) }
        case .middleName: repetitions { name(.middle, $0) }
        case .familyName: repetitions { name(.family, $0) }
        case .birthDate: date
        case .sex: ["", "female", "male", "other"][min(Int(view.sex), 3)]
        case .identifier: repetitions { words(.identifier, $0, skipping: 0) }
        case .phone: repetitions { words(.phone, $0, skipping: 0) }
        case .email: repetitions(email)
        case .address: repetitions(address)
        case .place: repetitions { place($0) }
        case .mother: name(.mother, 0)
        // Only a hash of it is in the row, which tells people nothing.
        case .source: ""
        }
    }

    private var date: String {
        guard view.date != 0 else { return "" }
        func part(_ value: UInt32, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: value == 0 ? "?" : "0", count: max(0, width - digits.count))
                + (value == 0 ? "?" : digits)
        }
        return "\(part(view.date / 10_000, 4))-\(part(view.date / 100 % 100, 2))-\(part(view.date % 100, 2))"
    }

    private func repetitions(_ text: (Int) -> String) -> String {
        (0..<4).map(text).filter { !$0.isEmpty }.joined(separator: " / ")
    }

    /// Words of a name without their joined form.
    func name(_ tag: FeatureTag, _ repetition: Int) -> String {
        words(tag, repetition, skipping: view.count(tag, repetition) > 1 ? 1 : 0)
    }

    func email(_ repetition: Int) -> String {
        let local = words(.emailLocal, repetition, skipping: 0)
        let domain = words(.emailDomain, repetition, skipping: 0)
        return domain.isEmpty ? local : "\(local)@\(domain)"
    }

    func address(_ repetition: Int) -> String {
        [words(.number, repetition, skipping: 0), words(.street, repetition, skipping: 1)]
            .filter { !$0.isEmpty }.joined(separator: " ")
    }

    private func place(_ repetition: Int) -> String {
        [FeatureTag.city, .district, .postal].map { words($0, repetition, skipping: 0) }
            .filter { !$0.isEmpty }.joined(separator: ", ")
    }

    func words(_ tag: FeatureTag, _ repetition: Int, skipping skipped: Int) -> String {
        let prefix = FeatureTag.prefixLength(stored: tag.stored(repetition))
        let first = view.index(tag, repetition)
        let count = view.count(tag, repetition)
        guard skipped < count else { return "" }
        return (first + skipped..<first + count).map { index in
            let text = view.texts[index]
            let start = Int(text.start) + prefix
            return String(decoding: row[start..<Int(text.start) + Int(text.count)], as: UTF8.self)
        }.joined(separator: " ")
    }

    /// True where an authority assigned the identifier of a repetition.
    func isIdentifier(_ repetition: Int, of authority: UInt64) -> Bool {
        guard view.count(.identifier, repetition) > 0 else { return false }
        let start = Int(view.texts[view.index(.identifier, repetition)].start)
        let prefix = IdentifierPrefix(row[start], row[start + 1], row[start + 2], row[start + 3])
        return prefix.isAssigned(by: authority)
    }
}
