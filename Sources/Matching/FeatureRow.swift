public import Demographics

/// One person's comparable fields in 60 to 300 bytes, read in place.
///
/// Layout, little-endian: version, sex, generation, birth order (one byte each), packed birth date (four bytes), hash
/// of the source (four bytes, 0 where it is not known; absent from rows of version 2, which are still read), then
/// texts as tag, length, bytes, in order of tag. Words of names carry four bytes before their text: the hash of the
/// sound and the group of name variants (two bytes each); identifiers the kind (three bits) and 29 bits of the hash of
/// the authority. A name part of several words comes first as one joined word, then word by word; a street always does,
/// its joined form with the numbers in front.
public enum FeatureRow {
    /// The first byte of every row.
    public static let version: UInt8 = 3
    /// Bytes before the first text.
    static let headerLength = 12
    /// The version before, whose rows do not know their source, and the bytes before its first text.
    static let formerVersion: UInt8 = 2
    static let formerHeaderLength = 8
    /// Most texts of a row.
    static let textLimit = 64
    /// Longest row in bytes: every text at its longest.
    public static let lengthLimit = headerLength + textLimit * (2 + 4 + Word.capacity)

    /// The hash of a word's sound as rows carry it; 0 where it has none.
    static func sound(_ word: Word) -> UInt16 {
        let code = NameSound.code(word)
        return code == 0 ? 0 : UInt16(truncatingIfNeeded: Fold.mix(code)) | 1
    }

    /// Encodes a record.
    public static func encode(_ record: NormalisedRecord) -> [UInt8] {
        var writer = RowWriter(record)
        writer.texts(record)
        return writer.bytes
    }
}

/// Appends texts up to the limit.
private struct RowWriter {
    var bytes: [UInt8] = []
    private var texts = 0
    private var limit = FeatureRow.textLimit

    init(_ record: NormalisedRecord) {
        bytes.reserveCapacity(256)
        bytes.append(FeatureRow.version)
        bytes.append(record.sex.rawValue)
        bytes.append(record.generation)
        bytes.append(record.birthOrder)
        for word in [record.birthDate.packed, record.source] {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word &>> shift))
            }
        }
    }

    mutating func texts(_ record: NormalisedRecord) {
        repeated(record.names.count) { $0.nameWords(.given, $1, record.names[$1].given) }
        repeated(record.names.count) { $0.nameWords(.middle, $1, record.names[$1].middle) }
        repeated(record.names.count) { $0.nameWords(.family, $1, record.names[$1].family) }
        repeated(record.identifiers.count) { writer, index in
            let identifier = record.identifiers[index]
            writer.append(
                .identifier,
                index,
                identifier.value,
                prefix: IdentifierPrefix(identifier).bits
            )
        }
        repeated(record.phones.count) { $0.append(.phone, $1, record.phones[$1]) }
        // Each e-mail needs one text more behind all others: room is kept for it.
        limit -= record.emails.count
        repeated(record.emails.count) { $0.append(.emailLocal, $1, record.emails[$1].local) }
        repeated(record.emails.count) { $0.append(.emailDomain, $1, record.emails[$1].domain) }
        let addresses = record.addresses
        repeated(addresses.count) { $0.words(.number, $1, addresses[$1].numbers) }
        repeated(addresses.count) { $0.streetWords($1, addresses[$1]) }
        repeated(addresses.count) { $0.append(.city, $1, addresses[$1].city) }
        repeated(addresses.count) { $0.append(.district, $1, addresses[$1].district) }
        repeated(addresses.count) { $0.append(.postal, $1, addresses[$1].postalCode) }
        nameWords(.mother, 0, record.mother)
        limit = FeatureRow.textLimit
        repeated(record.emails.count) { writer, index in
            // A misplaced `@` parts an address elsewhere: the whole still agrees.
            var whole = record.emails[index].local
            whole.append(record.emails[index].domain)
            writer.append(.emailWhole, index, whole)
        }
    }

    private mutating func repeated(_ count: Int, _ body: (inout RowWriter, Int) -> Void) {
        for index in 0..<min(count, NormalisedRecord.repetitionLimit) { body(&self, index) }
    }

    private mutating func words(_ tag: FeatureTag, _ repetition: Int, _ words: [Word]) {
        for word in words { append(tag, repetition, word) }
    }

    private mutating func streetWords(_ repetition: Int, _ address: NormalisedRecord.Address) {
        guard !address.numbers.isEmpty || !address.words.isEmpty else { return }
        var joined = Word()
        for word in address.numbers { joined.append(word) }
        for word in address.words { joined.append(word) }
        append(.street, repetition, joined)
        words(.street, repetition, address.words)
    }

    private mutating func nameWords(_ tag: FeatureTag, _ repetition: Int, _ words: [Word]) {
        if words.count > 1 {
            var joined = Word()
            for word in words { joined.append(word) }
            nameWord(tag, repetition, joined)
        }
        // A particle that two names share says nothing: only the joined form keeps it.
        for word in NameParticles.telling(words) { nameWord(tag, repetition, word) }
    }

    private mutating func nameWord(_ tag: FeatureTag, _ repetition: Int, _ word: Word) {
        append(tag, repetition, word, prefix: UInt32(FeatureRow.sound(word)) | UInt32(NameVariants.group(word)) &<< 16)
    }

    private mutating func append(_ tag: FeatureTag, _ repetition: Int, _ word: Word, prefix: UInt32) {
        guard !word.isEmpty, texts < limit else { return }
        texts += 1
        bytes.append(UInt8(tag.stored(repetition)))
        bytes.append(UInt8(word.count + 4))
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: prefix &>> shift))
        }
        word.withBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ tag: FeatureTag, _ repetition: Int, _ word: Word) {
        guard !word.isEmpty, texts < limit else { return }
        texts += 1
        bytes.append(UInt8(tag.stored(repetition)))
        bytes.append(UInt8(word.count))
        word.withBytes { bytes.append(contentsOf: $0) }
    }
}
