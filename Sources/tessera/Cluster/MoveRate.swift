internal import ArgumentParser

/// How fast rows of new moves may stream.
struct MoveRate: ParsableArguments {
    @Option(
        help: ArgumentHelp("Bytes that may stream a second; 0 for as many as can.", valueName: "bytes")
    )
    var bytesPerSecond: UInt64 = 0
}
