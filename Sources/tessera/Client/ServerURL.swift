internal import ArgumentParser
internal import Foundation
internal import Transport

/// Where a registry answers: `http://HOST:PORT` or `https://HOST:PORT`.
struct ServerURL: Sendable, Hashable, CustomStringConvertible {
    /// The host, an address of version 6 without its brackets.
    let host: String
    /// The TCP port.
    let port: Int
    /// Whether the scheme is `https`.
    let isEncrypted: Bool

    /// The variable that replaces the default.
    static let variable = "TESSERA_URL"

    /// What is asked where neither an option nor the variable says otherwise.
    static let standard = "http://127.0.0.1:8080"

    /// Reads a URL; a slash at its end is allowed, anything more is not.
    init(parsing text: String) throws {
        let wanted = "a URL such as \(Self.standard) is needed, not '\(text)'"
        let scheme: Bool
        var rest: Substring
        if text.hasPrefix("http://") {
            (scheme, rest) = (false, text.dropFirst(7))
        } else if text.hasPrefix("https://") {
            (scheme, rest) = (true, text.dropFirst(8))
        } else {
            throw ValidationError(wanted)
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("/"), !rest.contains("@"), !rest.contains("?") else { throw ValidationError(wanted) }
        var name = rest
        var port = scheme ? 443 : 80
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = UInt16(rest[rest.index(after: colon)...]), number > 0 else {
                throw ValidationError("a port from 1 to 65535 is needed in '\(text)'")
            }
            port = Int(number)
            name = rest[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        guard !name.isEmpty else { throw ValidationError(wanted) }
        host = String(name)
        self.port = port
        isEncrypted = scheme
    }

    /// The URL that an option gave, else that of the environment, else the default.
    static func resolve(_ option: ServerURL?) throws -> ServerURL {
        if let option { return option }
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else {
            return try ServerURL(parsing: standard)
        }
        do {
            return try ServerURL(parsing: text)
        } catch {
            throw ValidationError("\(variable): \(error)")
        }
    }

    var description: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isEncrypted ? "https" : "http")://\(name):\(port)"
    }
}
