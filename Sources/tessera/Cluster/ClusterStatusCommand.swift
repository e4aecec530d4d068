internal import ArgumentParser
internal import JSON

/// `tessera cluster status`: who leads, what is durable, how each shard is.
struct ClusterStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how the cluster is; ends with status 1 where it takes no writes or a shard is down."
    )

    @OptionGroup var target: ClusterTarget

    func run() async throws {
        let url = try target.url()
        let (status, moves) = try await RegistryClient.with(url, target.connection) { client in
            let status = try await client.json("/api/v1/cluster")
            let moves = try await client.json("/api/v1/cluster/moves")
            return (status, moves)
        }
        target.tell(status) { Self.lines(status, url) + Self.lines(ofMoves: moves) }
        guard Self.isWell(status) else { throw ExitCode.failure }
    }

    /// Whether the cluster takes writes, here or elsewhere, and every shard answers.
    static func isWell(_ status: JSONValue) -> Bool {
        (status["leading"]?.boolean == true || status["leader"]?.string != nil)
            && (status["shards"]?.array ?? []).allSatisfy { shard in
                shard["up"]?.boolean == true
                    && (shard["replicas"]?.array ?? []).allSatisfy { $0["state"]?.string == "in-sync" }
            }
    }

    /// The status as people read it.
    static func lines(_ status: JSONValue, _ url: ServerURL) -> [String] {
        let leads = status["leading"]?.boolean == true
        let reason = status["reason"]?.string ?? ""
        var lines = [
            leads
                ? "\(url) leads and takes writes"
                : status["leader"]?.string.map { "\(url) passes writes on: \($0) leads" }
                    ?? "\(url) takes no writes: \(reason)",
            "epoch \(number(status["epoch"])), \(number(status["through"])) writes durable, "
                + "\(number(status["inFlight"])) under way, rules \(status["rules"]?.string ?? "?")",
        ]
        if let unsearched = status["unsearched"]?.integer, unsearched > 0 {
            lines.append("\(Quantity.count(unsearched)) records wait until they can be searched for")
        }
        var table = TextTable([
            ("shard", .left), ("state", .left), ("slots", .right), ("records", .right), ("persons", .right),
            ("postings", .right), ("log", .right), ("store", .right), ("disk free", .right), ("recovery", .right),
            ("asked a minute", .right),
        ])
        var faults: [String] = []
        for shard in status["shards"]?.array ?? [] {
            let id = shard["id"]?.string ?? "?"
            let isUp = shard["up"]?.boolean == true
            if !isUp { faults.append("shard \(id) \(shard["error"]?.string ?? "does not answer")") }
            table.add([id, isUp ? "up" : "down", number(shard["slots"])] + (isUp ? figures(shard) : []))
        }
        lines += [""] + table.lines
        let groups = (status["shards"]?.array ?? []).filter { $0["replicas"] != nil }
        if !groups.isEmpty { lines += [""] + replicaLines(groups, &faults) }
        lines += hotLines(status)
        return faults.isEmpty ? lines : lines + [""] + faults
    }

    /// Moves that are not over.
    static func lines(ofMoves moves: JSONValue) -> [String] {
        let unfinished = (moves["moves"]?.array ?? []).filter {
            !["dropped", "aborted"].contains($0["phase"]?.string)
        }
        return unfinished.isEmpty ? [] : [""] + LayoutOrder.lines(unfinished)
    }

    private static func hotLines(_ status: JSONValue) -> [String] {
        let hot = status["hotSlots"]?.array ?? []
        guard !hot.isEmpty else { return [] }
        let words = hot.map { slot in
            "\(number(slot["slot"])) of \(slot["shard"]?.string ?? "?") (\(number(slot["percent"])) %, "
                + "\(number(slot["questionsPerMinute"])) questions a minute)"
        }
        return ["", "hot slots: " + words.joined(separator: ", ")]
    }

    private static func replicaLines(_ groups: [JSONValue], _ faults: inout [String]) -> [String] {
        var table = TextTable([
            ("replica", .left), ("shard", .left), ("address", .left), ("state", .left), ("lag", .right),
            ("slots to compare", .right), ("log", .right), ("store", .right),
        ])
        for shard in groups {
            for replica in shard["replicas"]?.array ?? [] {
                let name = replica["name"]?.string ?? "?"
                let isUp = replica["up"]?.boolean == true
                if !isUp { faults.append("replica \(name) \(replica["error"]?.string ?? "does not answer")") }
                table.add(
                    [name, shard["id"]?.string ?? "?", replica["address"]?.string ?? "?"]
                        + [(replica["state"]?.string ?? "?") + (isUp ? "" : ", down")]
                        + (isUp
                            ? [
                                number(replica["lag"]),
                                replica["slotsLeft"] == nil ? "-" : number(replica["slotsLeft"]),
                                size(replica["logBytes"]), size(replica["stateBytes"]),
                            ] : [])
                )
            }
        }
        return table.lines
    }

    private static func figures(_ shard: JSONValue) -> [String] {
        let rows = shard["rows"]
        return [
            number(rows?["home"]), number(rows?["golden"]), number(shard["postings"]), size(shard["logBytes"]),
            size(shard["stateBytes"]), size(shard["diskFreeBytes"]),
            Quantity.time(seconds: Double(shard["recoveryMilliseconds"]?.integer ?? 0) / 1_000),
            number(shard["questionsPerMinute"]),
        ]
    }

    private static func number(_ value: JSONValue?) -> String { value?.integer.map(Quantity.count) ?? "?" }

    private static func size(_ value: JSONValue?) -> String { value?.integer.map(Quantity.bytes) ?? "?" }
}
