public import Demographics

extension FeatureRow {
    /// The record that a row was made of, as far as keys and comparisons need it: of an authority 29 bits are known.
    ///
    /// Particles of names are lost, so `nameSpelling` keys may differ; all other keys of the result are those of the
    /// record, unless the row's limit of texts cut something off.
    ///
    /// - Parameter row: an encoded feature row.
    /// - Returns: `nil` where the bytes are no feature row.
    public static func record(_ row: UnsafeRawBufferPointer) -> NormalisedRecord? {
        var view = FeatureView()
        guard view.index(row) else { return nil }
        return RowReader(view: view, bytes: row).record
    }

    /// The same for a row that stands in an array.
    public static func record(_ row: ArraySlice<UInt8>) -> NormalisedRecord? { row.withUnsafeBytes { record($0) } }

    /// The names in a row that is kept as an array.
    public static func names(_ row: ArraySlice<UInt8>) -> [(given: Word, family: Word)] {
        row.withUnsafeBytes { names($0) }
    }

    /// The names of a record as term frequencies look them up: words joined, particles included.
    ///
    /// - Parameter row: an encoded feature row.
    /// - Returns: one entry a name, an empty word for a part that is unknown; nothing where the bytes are no row.
    public static func names(_ row: UnsafeRawBufferPointer) -> [(given: Word, family: Word)] {
        var view = FeatureView()
        guard view.index(row) else { return [] }
        let reader = RowReader(view: view, bytes: row)
        return (0..<view.nameCount).map { (reader.word(.given, $0), reader.word(.family, $0)) }
    }
}

/// Puts the texts of a row back into their places.
private struct RowReader {
    let view: FeatureView
    let bytes: UnsafeRawBufferPointer

    var record: NormalisedRecord {
        var record = NormalisedRecord()
        record.birthDate = PartialDate(packed: view.date)
        record.sex = Sex(rawValue: view.sex) ?? .unknown
        record.generation = view.generation
        record.birthOrder = view.birthOrder
        record.source = view.source
        for index in 0..<view.nameCount {
            var name = NormalisedRecord.Name()
            name.given = nameWords(.given, index)
            name.middle = nameWords(.middle, index)
            name.family = nameWords(.family, index)
            record.names.append(name)
        }
        for index in 0..<NormalisedRecord.repetitionLimit where view.count(.identifier, index) > 0 {
            record.identifiers.append(identifier(index))
        }
        for index in 0..<NormalisedRecord.repetitionLimit where view.count(.phone, index) > 0 {
            record.phones += words(.phone, index)
        }
        for index in 0..<NormalisedRecord.repetitionLimit where view.count(.emailLocal, index) > 0 {
            record.emails.append(.init(local: word(.emailLocal, index), domain: word(.emailDomain, index)))
        }
        for index in 0..<max(view.addressCount, repetitions(.number)) { record.addresses.append(address(index)) }
        record.mother = nameWords(.mother, 0)
        return record
    }

    private func address(_ index: Int) -> NormalisedRecord.Address {
        var address = NormalisedRecord.Address()
        address.numbers = words(.number, index)
        // The joined form of the line stands before its words.
        address.words = words(.street, index, from: 1)
        address.city = word(.city, index)
        address.district = word(.district, index)
        address.postalCode = word(.postal, index)
        return address
    }

    private func repetitions(_ tag: FeatureTag) -> Int {
        (0..<NormalisedRecord.repetitionLimit).last { view.count(tag, $0) > 0 }.map { $0 + 1 } ?? 0
    }

    /// Words without the joined form that stands before several.
    private func nameWords(_ tag: FeatureTag, _ repetition: Int) -> [Word] {
        words(tag, repetition, from: view.count(tag, repetition) > 1 ? 1 : 0)
    }

    func word(_ tag: FeatureTag, _ repetition: Int) -> Word {
        guard view.count(tag, repetition) > 0 else { return Word() }
        return word(at: view.index(tag, repetition), prefix: FeatureTag.prefixLength(stored: tag.stored(repetition)))
    }

    private func word(at index: Int, prefix: Int) -> Word {
        let text = view.texts[index]
        let range = Int(text.start) + prefix..<Int(text.start) + Int(text.count)
        return Word(UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    private func words(_ tag: FeatureTag, _ repetition: Int, from skipped: Int = 0) -> [Word] {
        let count = view.count(tag, repetition) - skipped
        guard count > 0 else { return [] }
        let prefix = FeatureTag.prefixLength(stored: tag.stored(repetition))
        let first = view.index(tag, repetition) + skipped
        return [Word](unsafeUninitializedCapacity: count) { words, initialized in
            for index in 0..<count { words.initializeElement(at: index, to: word(at: first + index, prefix: prefix)) }
            initialized = count
        }
    }

    private func identifier(_ repetition: Int) -> NormalisedRecord.Identifier {
        let start = Int(view.texts[view.index(.identifier, repetition)].start)
        let prefix = IdentifierPrefix(bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3])
        return .init(authority: prefix.authority, value: word(.identifier, repetition), kind: prefix.kind)
    }
}
