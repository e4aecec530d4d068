internal import Foundation
internal import JSON
internal import Transport

/// Asks a registry about its rules.
struct RulesCall: Sendable {
    private static let path = "/api/v1/rules"
    /// Between two looks at a change under way.
    private static let pause: Duration = .milliseconds(300)

    let client: RegistryClient

    /// How things are.
    func read() async throws -> JSONValue { try await client.json(Self.path) }

    /// Gives an order.
    func send(_ write: (inout JSONWriter) -> Void) async throws -> JSONValue {
        try await KeepingCall(path: Self.path + "/change", client: client).send(write)
    }

    /// Keeps a rule file.
    func put(_ text: String, comment: String) async throws -> JSONValue {
        let path = Self.path + (comment.isEmpty ? "" : "?comment=\(URLPart.encode(comment))")
        let request = HTTPClientRequest(
            method: "POST",
            path: path,
            headers: ["content-type": "application/yaml", "accept": "application/json"],
            body: Array(text.utf8)
        )
        let response = try await client.send(request)
        guard response.status == 200 else {
            throw RegistryClient.failure(client.url, path, response.status, response.body)
        }
        return try JSONValue(parsing: response.body.span.bytes)
    }

    /// A rule set as a file.
    func file(_ version: String) async throws -> String {
        let response = try await client.get("\(Self.path)/\(version)", accept: "application/yaml")
        return String(decoding: response.body, as: UTF8.self)
    }

    /// The version that somebody means: by its digits, the beginning of them, its name, or what it is for the registry.
    static func version(_ text: String, in report: JSONValue) throws(CommandFailure) -> String {
        for word in ["deciding", "configured", "previous", "shadow"] where text == word {
            guard let version = report[word]?.string else { throw CommandFailure("no rule set is \(word)") }
            return version
        }
        let versions = report["versions"]?.array ?? []
        var known = versions.compactMap { $0["version"]?.string }
        for word in ["deciding", "configured"] {
            if let version = report[word]?.string, !known.contains(version) { known.append(version) }
        }
        let beginning = text.lowercased()
        var found = beginning.count >= 4 ? known.filter { $0.hasPrefix(beginning) } : []
        if found.isEmpty {
            found = versions.filter { $0["name"]?.string == text }.compactMap { $0["version"]?.string }
        }
        guard let version = found.first else {
            throw CommandFailure(
                "no rule set is called \(text) or begins so (four digits at least): tessera rules list"
            )
        }
        guard found.count == 1 else {
            throw CommandFailure("\(text) is more than one: \(found.joined(separator: ", "))")
        }
        return version
    }

    /// Waits until a trial on stored records is done.
    func waitForReplay() async throws -> JSONValue {
        var told = ContinuousClock.now
        while true {
            let report = try await read()
            guard let view = report["onStoredRecords"] else {
                throw CommandFailure("the trial was lost: the leader changed; begin again")
            }
            guard view["phase"]?.string == "running" else { return report }
            if ContinuousClock.now - told > ProgressLine.logInterval {
                told = .now
                let (done, of) = (view["done"]?.integer ?? 0, max(view["of"]?.integer ?? 1, 1))
                Terminal.note("\(done * 100 / of) %, \(Quantity.count(view["tried"]?.integer ?? 0)) records")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Waits until rules were made of the counts of now.
    func waitForRefresh() async throws -> JSONValue {
        var told = ContinuousClock.now
        while true {
            let report = try await read()
            guard let refresh = report["counts"]?["refresh"] else {
                throw CommandFailure("the refresh was lost: the leader changed; begin again")
            }
            switch refresh["phase"]?.string {
            case "complete": return report
            case "failed": throw CommandFailure(refresh["fault"]?.string ?? "the refresh failed")
            default: break
            }
            if ContinuousClock.now - told > ProgressLine.logInterval {
                told = .now
                let fault = refresh["fault"]?.string.map { "; \($0)" } ?? ""
                Terminal.note("\(Quantity.count(refresh["read"]?.integer ?? 0)) records read\(fault)")
            }
            try await Task.sleep(for: Self.pause)
        }
    }

    /// Waits until a change is done, telling how far it is.
    func wait() async throws -> JSONValue {
        var told = ContinuousClock.now
        while true {
            let report = try await read()
            guard let change = report["change"], change["paused"]?.boolean != true else { return report }
            if ContinuousClock.now - told > ProgressLine.logInterval {
                told = .now
                Terminal.note(RulesLines.progress(change))
            }
            try await Task.sleep(for: Self.pause)
        }
    }
}
