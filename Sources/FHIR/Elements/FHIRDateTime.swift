/// A FHIR `dateTime`: a date, or a day with a time and a zone; the text is kept as it came.
public struct FHIRDateTime: Sendable, Hashable {
    /// The date part.
    public let date: FHIRDate
    /// The whole, as written.
    public let text: String

    /// A date without a time.
    public init(_ date: FHIRDate) {
        self.date = date
        text = date.description
    }

    /// Reads a date, or `YYYY-MM-DDThh:mm:ss[.fff]` followed by `Z` or `±hh:mm`.
    ///
    /// - Throws: `FHIRDate.Fault` where the text is anything else.
    public init(parsing text: String) throws(FHIRDate.Fault) {
        guard let separator = text.utf8.firstIndex(of: UInt8(ascii: "T")) else {
            date = try FHIRDate(parsing: text)
            self.text = text
            return
        }
        date = try FHIRDate(parsing: String(text[..<separator]))
        guard date.day > 0 else { throw .timeForm }
        try Self.checkTime(Array(text.utf8[text.utf8.index(after: separator)...]))
        self.text = text
    }

    /// Checks `hh:mm:ss[.fff](Z|±hh:mm)`; a second of 60 is a leap second.
    private static func checkTime(_ time: [UInt8]) throws(FHIRDate.Fault) {
        guard time.count >= 9, time[2] == UInt8(ascii: ":"), time[5] == UInt8(ascii: ":") else { throw .timeForm }
        let hour = try twoDigits(time, at: 0)
        let minute = try twoDigits(time, at: 3)
        let second = try twoDigits(time, at: 6)
        var index = 8
        if time[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            while index < time.count, (0x30...0x39).contains(time[index]) { index += 1 }
            guard index > start else { throw .timeForm }
        }
        guard hour < 24, minute < 60, second <= 60 else { throw .notOnClock }
        try checkZone(Array(time[index...]))
    }

    private static func checkZone(_ zone: [UInt8]) throws(FHIRDate.Fault) {
        if zone == [UInt8(ascii: "Z")] { return }
        guard zone.count == 6, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
            zone[3] == UInt8(ascii: ":")
        else { throw .timeForm }
        guard try twoDigits(zone, at: 1) <= 14, try twoDigits(zone, at: 4) < 60 else { throw .notOnClock }
    }

    private static func twoDigits(_ bytes: [UInt8], at index: Int) throws(FHIRDate.Fault) -> Int {
        guard index + 1 < bytes.count, (0x30...0x39).contains(bytes[index]), (0x30...0x39).contains(bytes[index + 1])
        else { throw .timeForm }
        return Int(bytes[index] - 0x30) * 10 + Int(bytes[index + 1] - 0x30)
    }
}
