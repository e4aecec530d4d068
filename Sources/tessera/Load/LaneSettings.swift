/// The bounds of one lane of a load.
struct LaneSettings: Sendable, Equatable {
    /// Records of all lanes that are sent and not yet answered.
    ///
    /// A registry takes in so many at one time with room to spare: many lanes need not be told to come back later.
    static let recordsUnderWay = 6_144
    /// Fewest records under way on a lane: without some it would wait for the wire.
    static let windowRecordsMin = 64
    /// Bytes of all batches that the reader fills at one time.
    static let fillingBytes = 512 << 10

    /// Records of this lane that are sent and not yet answered.
    var windowRecords: Int
    /// Bytes of them, which are kept to be sent again after a loss.
    var windowBytes = 2 << 20
    /// Without a result for so long the stream is given up and its records are sent again.
    var stall: Duration = .seconds(60)
    /// The first pause after trouble; doubles with every further one.
    var firstPause: Duration = .milliseconds(100)
    /// The longest pause.
    var longestPause: Duration = .seconds(5)
    /// How long nothing may be acknowledged before the load gives up.
    var patience: Duration = .seconds(120)

    /// The bounds of one lane of several.
    init(lanes: Int = 4) {
        windowRecords = max(Self.windowRecordsMin, Self.recordsUnderWay / lanes)
    }

    /// Bytes of a batch: about a hundred patients, a good piece of work for the wire; less where there are many lanes.
    static func batchBytes(lanes: Int) -> Int { min(64 << 10, max(4 << 10, fillingBytes / lanes)) }
}
