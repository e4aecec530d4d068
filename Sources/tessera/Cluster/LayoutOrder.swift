internal import ArgumentParser
internal import JSON

/// Where an order about the layout of the cluster goes, and how its answer is shown.
struct LayoutOrder: ParsableArguments {
    private static let path = "/api/v1/cluster/moves"

    @OptionGroup var target: ClusterTarget

    /// Shows the moves.
    func show() async throws {
        tell(try await RegistryClient.with(target.url(), target.connection) { try await $0.json(Self.path) })
    }

    /// Gives an order and shows the moves that come of it.
    ///
    /// - Parameter write: writes the order's members.
    /// - Throws: `CommandFailure`.
    func send(_ write: @Sendable (inout JSONWriter) -> Void) async throws {
        tell(
            try await RegistryClient.with(target.url(), target.connection) { client in
                try await KeepingCall(path: Self.path, client: client).send(write)
            }
        )
    }

    private func tell(_ answer: JSONValue) { target.tell(answer) { Self.lines(answer) } }

    /// The moves as people read them.
    static func lines(_ answer: JSONValue) -> [String] {
        let moves = answer["moves"]?.array ?? []
        if let shards = answer["shards"]?.array { return forecast(answer, moves, shards) }
        return moves.isEmpty ? ["no slots move, and none have"] : lines(moves)
    }

    /// What would come of an order: the moves, then each shard before and after.
    private static func forecast(_ answer: JSONValue, _ moves: [JSONValue], _ shards: [JSONValue]) -> [String] {
        guard !moves.isEmpty else { return ["nothing would move"] + lines(forecast: shards) }
        let bytes = Quantity.bytes(answer["bytes"]?.integer ?? 0)
        return lines(moves) + ["", "nothing was done; about \(bytes) would move"] + lines(forecast: shards)
    }

    private static func lines(forecast shards: [JSONValue]) -> [String] {
        var table = TextTable([
            ("shard", .left), ("slots", .right), ("then", .right), ("size", .right), ("then", .right),
            ("asked a minute", .right), ("then", .right),
        ])
        for shard in shards {
            let (before, after) = (shard["before"], shard["after"])
            table.add([
                shard["shard"]?.string ?? "?",
                Quantity.count(before?["slots"]?.integer ?? 0), Quantity.count(after?["slots"]?.integer ?? 0),
                Quantity.bytes(before?["bytes"]?.integer ?? 0), Quantity.bytes(after?["bytes"]?.integer ?? 0),
                Quantity.count(before?["questionsPerMinute"]?.integer ?? 0),
                Quantity.count(after?["questionsPerMinute"]?.integer ?? 0),
            ])
        }
        return table.lines
    }

    /// A line for each move, below a head.
    static func lines(_ moves: [JSONValue]) -> [String] {
        var table = TextTable([
            ("move", .right), ("from", .left), ("to", .left), ("slots", .right), ("phase", .left), ("done", .right),
            ("copied", .right), ("left", .right), ("", .left),
        ])
        for move in moves {
            let of = move["of"]?.integer ?? 0
            let done = move["done"]?.integer.map { of > 0 ? "\($0 * 100 / of) %" : "" } ?? ""
            table.add([
                move["move"]?.integer.map { "\($0)" } ?? "?", move["source"]?.string ?? "?",
                move["target"]?.string ?? "?", move["slots"]?.integer.map(Quantity.count) ?? "?",
                move["phase"]?.string ?? "?", done, move["bytesCopied"]?.integer.map(Quantity.bytes) ?? "",
                move["secondsLeft"]?.integer.map { Quantity.time(seconds: Double($0)) } ?? "",
                move["paused"]?.boolean == true ? "paused" : move["held"]?.string ?? "",
            ])
        }
        return table.lines
    }
}
