/// A FHIR `instant`, made from a clock that the caller reads.
public struct FHIRInstant: Sendable, Hashable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let milliseconds: Int64

    /// An instant between the years 1 and 9999; others are moved to the nearer end.
    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
    }

    /// The instant as `YYYY-MM-DDThh:mm:ss.sssZ`.
    public var description: String {
        let dayLength: Int64 = 86_400_000
        let days = Int((milliseconds - (milliseconds % dayLength + dayLength) % dayLength) / dayLength)
        let rest = Int(milliseconds - Int64(days) * dayLength)
        let (year, month, day) = FHIRDate.civil(fromDays: days)
        let pad = FHIRDate.padded
        let date = "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
        let time = "\(pad(rest / 3_600_000, 2)):\(pad(rest / 60_000 % 60, 2)):\(pad(rest / 1_000 % 60, 2))"
        return "\(date)T\(time).\(pad(rest % 1_000, 3))Z"
    }
}
