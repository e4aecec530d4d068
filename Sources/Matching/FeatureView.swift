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
    var texts = InlineArray<64, Text>(repeating: Text())
    /// First text of a stored tag, and how many there are.
    var first = InlineArray<60, UInt8>(repeating: 0)
    var counts = InlineArray<60, UInt8>(repeating: 0)
    var textCount = 0

    /// Indexes a row.
    init?(_ row: UnsafeRawBufferPointer) {
        guard row.count >= FeatureRow.headerLength, row.count <= FeatureRow.lengthLimit, row[0] == FeatureRow.version
        else { return nil }
        sex = row[1]
        generation = row[2]
        birthOrder = row[3]
        date = UInt32(littleEndian: row.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        var offset = FeatureRow.headerLength
        var last = 4
        while offset < row.count {
            guard offset &+ 2 <= row.count, textCount < FeatureRow.textLimit else { return nil }
            let tag = Int(row[offset])
            let count = Int(row[offset &+ 1])
            offset &+= 2
            guard tag >= last, tag < FeatureTag.tableLength, offset &+ count <= row.count,
                count > FeatureTag.prefixLength(stored: tag), count <= 35
            else { return nil }
            if counts[tag] == 0 { first[tag] = UInt8(textCount) }
            counts[tag] &+= 1
            texts[textCount] = Text(start: UInt16(offset), count: UInt16(count))
            textCount &+= 1
            offset &+= count
            last = tag
        }
    }

    /// Number of texts of a kind in a repetition.
    @inline(__always)
    func count(_ tag: FeatureTag, _ repetition: Int = 0) -> Int { Int(counts[tag.stored(repetition)]) }

    /// Index into `texts` of the first text of a kind.
    @inline(__always)
    func index(_ tag: FeatureTag, _ repetition: Int = 0) -> Int { Int(first[tag.stored(repetition)]) }

    /// Bytes before the text proper of a text.
    func prefixLength(_ index: Int) -> Int {
        for tag in FeatureTag.allCases {
            for repetition in 0..<4 where count(tag, repetition) > 0 {
                let start = self.index(tag, repetition)
                if (start..<(start + count(tag, repetition))).contains(index) {
                    return FeatureTag.prefixLength(stored: tag.stored(repetition))
                }
            }
        }
        return 0
    }

    /// Repetitions of a name, counted as far as one of its parts is present.
    var nameCount: Int {
        var repetition = 3
        while repetition >= 0 {
            if count(.given, repetition) &+ count(.middle, repetition) &+ count(.family, repetition) > 0 {
                return repetition &+ 1
            }
            repetition &-= 1
        }
        return 0
    }
}
