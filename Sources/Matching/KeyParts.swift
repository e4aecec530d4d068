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

    private let record: NormalisedRecord
    private var sounds: (given: Values, family: Values, any: Values)

    init(_ record: NormalisedRecord) {
        self.record = record
        var given = Values()
        var family = Values()
        var any = Values()
        for name in record.names {
            for word in name.given {
                given.insert(NameSound.code(word))
                any.insert(NameSound.code(word))
            }
            family.insert(KeyParts.joinedSound(NameParticles.telling(name.family)))
            for word in NameParticles.telling(name.family) { any.insert(NameSound.code(word)) }
            for word in name.middle where word.count > 1 { any.insert(NameSound.code(word)) }
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
        case .namePair, .nameSpelling, .initials: for name in record.names { insertPair(part, name, into: &values) }
        case .anyInitial:
            for name in record.names {
                if let given = name.given.first { values.insert(NameSound.initial(given)) }
                if let family = NameParticles.telling(name.family).first { values.insert(NameSound.initial(family)) }
            }
        case .givenVariant:
            for name in record.names {
                guard let given = name.given.first else { continue }
                let group = NameVariants.group(given)
                values.insert(group == 0 ? NameSound.code(given) : UInt64(group) &<< 48)
            }
        case .address: for address in record.addresses { values.insert(KeyParts.line(address)) }
        case .house: for address in record.addresses { values.insert(KeyParts.house(address)) }
        case .city: for address in record.addresses where !address.city.isEmpty { values.insert(address.city.hash) }
        case .postalCode:
            for address in record.addresses where !address.postalCode.isEmpty { values.insert(address.postalCode.hash) }
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

    private func insertPair(_ part: KeyPart, _ name: NormalisedRecord.Name, into values: inout Values) {
        guard let given = name.given.first, !name.family.isEmpty else { return }
        let pair: (UInt64, UInt64)
        switch part {
        case .namePair: pair = (NameSound.code(given), KeyParts.joinedSound(NameParticles.telling(name.family)))
        case .nameSpelling: pair = (given.hash, KeyParts.joined(name.family).hash)
        default: pair = (NameSound.initial(given), NameSound.initial(NameParticles.telling(name.family)[0]))
        }
        guard pair.0 != 0, pair.1 != 0 else { return }
        values.insert(Fold.combine(min(pair.0, pair.1), max(pair.0, pair.1)))
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
