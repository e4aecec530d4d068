import Demographics

/// The values of every key part of one record, computed once and combined by the rules.
struct KeyParts {
    /// A few hashes without a heap allocation; what exceeds the capacity is left out.
    struct Values {
        static let capacity = 6
        private var storage = InlineArray<6, UInt64>(repeating: 0)
        private(set) var count = 0

        subscript(index: Int) -> UInt64 { storage[index] }

        /// Adds a value that is not 0 and not yet there.
        mutating func insert(_ value: UInt64) {
            guard value != 0, count < Values.capacity else { return }
            for index in 0..<count where storage[index] == value { return }
            storage[count] = value
            count += 1
        }
    }

    /// Fewest characters of an e-mail's local part that stand alone as a key.
    static let emailLocalLength = 6

    /// Letters at one end of a name that make a key: three bring too many names together, five too many errors.
    static let gramLength = 4

    /// What keys need of a name, worked out once.
    private struct Name {
        /// The sound of the first given name; 0 where there is none.
        var given: UInt64 = 0
        /// The sound of the family name's telling words, joined.
        var family: UInt64 = 0
        /// First letters, 0 where there is none.
        var givenInitial: UInt64 = 0
        var familyInitial: UInt64 = 0
    }

    private let record: NormalisedRecord
    private var names: [Name] = []
    private var sounds: (given: Values, family: Values, any: Values)

    init(_ record: NormalisedRecord) {
        self.record = record
        var given = Values()
        var family = Values()
        var any = Values()
        names.reserveCapacity(record.names.count)
        for name in record.names {
            var part = Name()
            for (index, word) in name.given.enumerated() {
                let sound = NameSound.code(word)
                given.insert(sound)
                any.insert(sound)
                if index == 0 { (part.given, part.givenInitial) = (sound, NameSound.initial(word)) }
            }
            let telling = NameParticles.telling(name.family)
            part.family = KeyParts.joinedSound(telling)
            family.insert(part.family)
            if telling.count == 1 {
                any.insert(part.family)
            } else {
                for word in telling { any.insert(NameSound.code(word)) }
            }
            if let first = telling.first { part.familyInitial = NameSound.initial(first) }
            for word in name.middle where word.count > 1 { any.insert(NameSound.code(word)) }
            names.append(part)
        }
        sounds = (given, family, any)
    }

    /// The values of a part; empty where the record does not know it.
    func values(_ part: KeyPart) -> Values {
        var values = Values()
        switch part {
        case .identifier: for identifier in record.identifiers { values.insert(identifier.value.hash) }
        case .phone: for phone in record.phones { values.insert(KeyParts.mainNumber(phone).hash) }
        case .email:
            for email in record.emails { values.insert(Fold.combine(email.local.hash, email.domain.hash)) }
        case .emailLocal:
            for email in record.emails {
                let long = email.local.count >= KeyParts.emailLocalLength
                values.insert(long ? email.local.hash : Fold.combine(email.local.hash, email.domain.hash))
            }
        case .birthDate: if !record.birthDate.isDefault { values.insert(fullDate) }
        case .defaultBirthDate: if record.birthDate.isDefault { values.insert(fullDate) }
        case .birthYear: values.insert(UInt64(record.birthDate.year))
        case .birthDay: if !record.birthDate.isDefault { values.insert(fullDate % 10_000) }
        case .birthMonth:
            if record.birthDate.month != 0, record.birthDate.year != 0 {
                values.insert(UInt64(record.birthDate.packed / 100))
            }
        case .sex: values.insert(UInt64(record.sex.rawValue))
        case .givenSound: return sounds.given
        case .familySound: return sounds.family
        case .anySound: return sounds.any
        case .namePair: for name in names { values.insert(KeyParts.pair(name.given, name.family)) }
        case .initials: for name in names { values.insert(KeyParts.pair(name.givenInitial, name.familyInitial)) }
        case .nameSpelling:
            for name in record.names {
                guard let given = name.given.first, !name.family.isEmpty else { continue }
                values.insert(KeyParts.pair(given.hash, KeyParts.joined(name.family).hash))
            }
        case .anyInitial:
            for name in names {
                values.insert(name.givenInitial)
                values.insert(name.familyInitial)
            }
        case .givenVariant:
            for (index, name) in record.names.enumerated() {
                guard let given = name.given.first else { continue }
                let group = NameVariants.group(given)
                values.insert(group == 0 ? names[index].given : UInt64(group) &<< 48)
            }
        case .address: for address in record.addresses { values.insert(KeyParts.line(address)) }
        case .house: for address in record.addresses { values.insert(KeyParts.house(address)) }
        case .city: for address in record.addresses where !address.city.isEmpty { values.insert(address.city.hash) }
        case .postalCode:
            for address in record.addresses where !address.postalCode.isEmpty { values.insert(address.postalCode.hash) }
        case .anyStart:
            for word in KeyParts.tellingWords(record) { values.insert(KeyParts.gram(word, at: 0)) }
        case .anyEnd:
            for word in KeyParts.tellingWords(record) {
                values.insert(KeyParts.gram(word, at: word.count - KeyParts.gramLength))
            }
        case .motherSound:
            var sum: UInt64 = 0
            for word in record.mother where word.count > 1 { sum &+= Fold.mix(NameSound.code(word)) }
            values.insert(sum)
        }
        return values
    }

    /// Year, then the lesser and the greater of month and day: a swap of the two gives the same key.
    ///
    /// 0 unless full.
    private var fullDate: UInt64 {
        let date = record.birthDate
        guard date.isFull else { return 0 }
        let low = min(date.month, date.day)
        let high = max(date.month, date.day)
        return UInt64(date.year * 10_000 + low * 100 + high)
    }

    /// Two values in either order; 0 where one is not known.
    private static func pair(_ first: UInt64, _ second: UInt64) -> UInt64 {
        first == 0 || second == 0 ? 0 : Fold.combine(min(first, second), max(first, second))
    }

    private static func joined(_ words: [Word]) -> Word {
        guard words.count != 1 else { return words[0] }
        var result = Word()
        for word in words { result.append(word) }
        return result
    }

    private static func joinedSound(_ words: [Word]) -> UInt64 {
        words.isEmpty ? 0 : NameSound.code(joined(words))
    }

    private static func tellingWords(_ record: NormalisedRecord) -> [Word] {
        record.names.flatMap { $0.given + NameParticles.telling($0.family) }
    }

    /// Some letters of a name, whatever the others were taken for; 0 for a name shorter than these.
    private static func gram(_ word: Word, at start: Int) -> UInt64 {
        guard word.count >= gramLength else { return 0 }
        return (start..<start + gramLength).reduce(0) { $0 &<< 8 | UInt64(word[$1]) }
    }

    private static func mainNumber(_ phone: Word) -> Word {
        var result = Word()
        for index in 0..<phone.count {
            if phone[index] == UInt8(ascii: "x") { break }
            result.append(phone[index])
        }
        return result
    }

    private static func line(_ address: NormalisedRecord.Address) -> UInt64 {
        guard address.numbers.count + address.words.count > 1 else { return 0 }
        var sum: UInt64 = 0
        for word in address.numbers { sum &+= Fold.mix(word.hash) }
        for word in address.words { sum &+= Fold.mix(word.hash) }
        return sum
    }

    private static func house(_ address: NormalisedRecord.Address) -> UInt64 {
        guard let number = address.numbers.map(\.hash).min() else { return 0 }
        var longest = Word()
        for word in address.words where word.count > longest.count { longest = word }
        guard longest.count > 2 else { return 0 }
        return Fold.combine(number, NameSound.code(longest))
    }
}
