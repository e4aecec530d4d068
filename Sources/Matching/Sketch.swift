public import Demographics

/// 64 bits of a record that bound its score against another from above, kept in postings beside the record id.
///
/// Layout from the low bit: birth date (year less 1849 in 8 bits, month in 4, day in 5; 0 unknown), sex (2),
/// letter sets of given (16) and family name (16), empty where there is none or more than one name, digests
/// of the only identifier (7) and the only phone (6): 0 none, all ones several.
public struct Sketch: Sendable, Equatable {
    /// The bits as stored.
    public var bits: UInt64

    /// Wraps stored bits.
    @inlinable
    public init(bits: UInt64) { self.bits = bits }

    /// Condenses a record.
    public init(_ record: NormalisedRecord) {
        var bits = Sketch.date(record.birthDate)
        bits |= UInt64(record.sex.rawValue) &<< 17
        if record.names.count == 1, let name = record.names.first {
            bits |= UInt64(Sketch.letters(name.given)) &<< 19
            bits |= UInt64(Sketch.letters(name.family)) &<< 35
        }
        bits |= UInt64(Sketch.digest(record.identifiers.map(\.value), several: Sketch.severalIdentifiers)) &<< 51
        bits |= UInt64(Sketch.digest(record.phones, several: Sketch.severalPhones)) &<< 58
        self.bits = bits
    }

    private static func date(_ date: PartialDate) -> UInt64 {
        guard date.packed != 0, (1_850...2_104).contains(date.year), date.month < 16, date.day < 32 else { return 0 }
        return UInt64(date.year - 1_849) | UInt64(date.month) &<< 8 | UInt64(date.day) &<< 12
    }

    static let severalIdentifiers: UInt8 = 127
    static let severalPhones: UInt8 = 63

    /// 0 for no value, `several` for more than one, else a number between that depends on the value.
    private static func digest(_ values: [Word], several: UInt8) -> UInt8 {
        guard let value = values.first else { return 0 }
        return values.count > 1 ? several : UInt8(1 + value.hash % UInt64(several - 1))
    }

    /// True where both digests stand for one value each and the values cannot be equal.
    @inline(__always)
    static func differ(_ left: UInt8, _ right: UInt8, several: UInt8) -> Bool {
        left != 0 && right != 0 && left != several && right != several && left != right
    }

    /// The set of letters in classes of 16, as far as the joined word of a row goes; empty where there is no name.
    private static func letters(_ words: [Word]) -> UInt16 {
        var set: UInt16 = 0
        var kept = 0
        for word in words {
            for index in 0..<word.count where kept < Word.capacity {
                set |= 1 &<< UInt16(word[index] & 0x0F)
                kept += 1
            }
        }
        return set
    }

    /// The birth date, packed; 0 where unknown or not representable.
    @inlinable var date: UInt32 {
        let year = UInt32(truncatingIfNeeded: bits & 0xFF)
        guard year != 0 else { return 0 }
        return (year &+ 1_849) &* 10_000 &+ UInt32(truncatingIfNeeded: bits &>> 8 & 0x0F) &* 100
            &+ UInt32(truncatingIfNeeded: bits &>> 12 & 0x1F)
    }
    @inlinable var sex: UInt8 { UInt8(truncatingIfNeeded: bits &>> 17 & 3) }
    @inlinable var given: UInt16 { UInt16(truncatingIfNeeded: bits &>> 19) }
    @inlinable var family: UInt16 { UInt16(truncatingIfNeeded: bits &>> 35) }
    @inlinable var identifier: UInt8 { UInt8(truncatingIfNeeded: bits &>> 51 & 0x7F) }
    @inlinable var phone: UInt8 { UInt8(truncatingIfNeeded: bits &>> 58) }
}
