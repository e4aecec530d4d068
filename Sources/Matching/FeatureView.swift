import Demographics

/// A checked index over the texts of a feature row; nothing is copied.
///
/// A row that is not one (wrong version, lengths past the end, tags out of order) gives no view.
struct FeatureView {
    /// Where a text starts and how many bytes it has, its prefix included.
    struct Text {
        var start: UInt16 = 0
        var count: UInt16 = 0
    }

    var sex: UInt8 = 0
    var generation: UInt8 = 0
    var birthOrder: UInt8 = 0
    var date: UInt32 = 0
    /// The hash of the source; 0 where it is not known.
    var source: UInt32 = 0
    var texts = InlineArray<64, Text>(repeating: Text())
    /// First text of a stored tag, and how many there are.
    var first = InlineArray<60, UInt8>(repeating: 0)
    var counts = InlineArray<60, UInt8>(repeating: 0)
    var textCount = 0

    /// No row yet.
    init() {}

    /// Indexes a row in place of the one before.
    ///
    /// - Returns: false where the bytes are no feature row; the view must not be read then.
    mutating func index(_ row: UnsafeRawBufferPointer) -> Bool {
        guard row.count >= FeatureRow.formerHeaderLength, row.count <= FeatureRow.lengthLimit else { return false }
        let header = row[0] == FeatureRow.formerVersion ? FeatureRow.formerHeaderLength : FeatureRow.headerLength
        guard row.count >= header, row[0] == FeatureRow.version || row[0] == FeatureRow.formerVersion else {
            return false
        }
        sex = row[1]
        generation = row[2]
        birthOrder = row[3]
        date = UInt32(littleEndian: row.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        source =
            header == FeatureRow.headerLength
            ? UInt32(littleEndian: row.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) : 0
        // Texts need no reset: they are reached through `first` and `counts` alone.
        first = InlineArray<60, UInt8>(repeating: 0)
        counts = InlineArray<60, UInt8>(repeating: 0)
        textCount = 0
        var offset = header
        var last = 4
        while offset < row.count {
            guard offset &+ 2 <= row.count, textCount < FeatureRow.textLimit else { return false }
            let tag = Int(row[offset])
            let count = Int(row[offset &+ 1])
            offset &+= 2
            let prefix = FeatureTag.prefixLength(stored: tag)
            guard tag >= last, tag < FeatureTag.tableLength, offset &+ count <= row.count, count > prefix,
                count &- prefix <= Word.capacity
            else { return false }
            // Tag and number of texts were checked above.
            if counts[unchecked: tag] == 0 { first[unchecked: tag] = UInt8(truncatingIfNeeded: textCount) }
            counts[unchecked: tag] &+= 1
            texts[unchecked: textCount] = Text(
                start: UInt16(truncatingIfNeeded: offset),
                count: UInt16(truncatingIfNeeded: count)
            )
            textCount &+= 1
            offset &+= count
            last = tag
        }
        return isWhole
    }

    /// Indexes a row that stands in an array.
    mutating func index(_ row: ArraySlice<UInt8>) -> Bool { row.withUnsafeBytes { index($0) } }

    /// True where what the encoder always writes together is together, so that comparisons need not ask again.
    private var isWhole: Bool {
        for repetition in 0..<NormalisedRecord.repetitionLimit {
            let emails = count(.emailLocal, repetition)
            guard emails <= 1, emails == 0 || count(.emailWhole, repetition) == 1 else { return false }
        }
        return true
    }

    /// Number of texts of a kind in a repetition.
    @inline(__always)
    func count(_ tag: FeatureTag, _ repetition: Int = 0) -> Int { Int(counts[tag.stored(repetition)]) }

    /// Index into `texts` of the first text of a kind.
    @inline(__always)
    func index(_ tag: FeatureTag, _ repetition: Int = 0) -> Int { Int(first[tag.stored(repetition)]) }

    /// True where some address names a city, a district or a postal code.
    var hasPlace: Bool { has(.city) || has(.district) || has(.postal) }

    /// True where some repetition has a text of a kind.
    func has(_ tag: FeatureTag) -> Bool {
        for repetition in 0..<NormalisedRecord.repetitionLimit where count(tag, repetition) > 0 { return true }
        return false
    }

    /// Repetitions of a name, counted as far as one of its parts is present.
    @inline(__always) var nameCount: Int { repetitions(.given, .middle, .family, .family) }

    /// Repetitions of an address, counted as far as one of its parts is present.
    @inline(__always) var addressCount: Int { repetitions(.street, .city, .district, .postal) }

    @inline(__always)
    private func repetitions(
        _ first: FeatureTag,
        _ second: FeatureTag,
        _ third: FeatureTag,
        _ fourth: FeatureTag
    ) -> Int {
        var repetition = 3
        while repetition >= 0 {
            let found = count(first, repetition) &+ count(second, repetition) &+ count(third, repetition)
            if found &+ count(fourth, repetition) > 0 { return repetition &+ 1 }
            repetition &-= 1
        }
        return 0
    }
}
