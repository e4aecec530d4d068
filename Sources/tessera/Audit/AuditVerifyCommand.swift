import ArgumentParser
import Audit
import Foundation
import JSON
import OpenSSL

/// Says whether a trail is what it was when it was written.
struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that nothing in an audit trail was changed, removed, moved or cut off.",
        discussion: "Exit status: 0 the trail is whole; 1 it is not."
    )

    @Argument(help: ArgumentHelp("The directory of a trail, or one of its files.", valueName: "path"))
    var path: String

    @Option(help: ArgumentHelp("The public key (PEM) of whoever signed it.", valueName: "file"))
    var key: String?

    @Option(help: ArgumentHelp("The first entry that is still there, where older files were put away.", valueName: "n"))
    var from: UInt64 = 1

    @Flag(help: "Tell it as JSON.")
    var json = false

    func run() throws {
        var publicKey: PublicKey?
        do throws(OpenSSLError) {
            if let key { publicKey = try PublicKey(pemPath: key) }
        } catch {
            throw CommandFailure(error.description)
        }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw CommandFailure("\(path): there is no such trail")
        }
        let verifier = AuditVerifier(key: publicKey, start: from)
        let report = isDirectory.boolValue ? verifier.verify(directory: path) : verifier.verify(file: path)
        print(json ? Self.json(report) : Self.text(report))
        if !report.isWhole { throw ExitCode.failure }
    }

    private static func text(_ report: AuditVerifier.Report) -> String {
        var lines = report.faults.map { "FAULT  \($0)" } + report.remarks.map { "note   \($0)" }
        let range = report.entries == 0 ? "" : ", \(report.first) to \(report.last)"
        let signed = report.signatures == 0 ? "" : ", \(report.signatures) signatures right"
        lines.append("\(report.entries) entries in \(report.files) files\(range)\(signed)")
        lines.append(report.isWhole ? "the trail is whole; it ends with \(report.hash)" : "THE TRAIL IS NOT WHOLE")
        return lines.joined(separator: "\n")
    }

    private static func json(_ report: AuditVerifier.Report) -> String {
        let value: JSONValue = [
            "whole": .boolean(report.isWhole), "files": .number(JSONNumber(report.files)),
            "entries": .number(JSONNumber(report.entries)), "first": .number(JSONNumber(report.first)),
            "last": .number(JSONNumber(report.last)), "told": .number(JSONNumber(report.told)),
            "hash": .string(report.hash),
            "signatures": .number(JSONNumber(report.signatures)),
            "faults": .array(report.faults.map { .string($0) }), "remarks": .array(report.remarks.map { .string($0) }),
        ]
        return String(decoding: value.serialised(), as: UTF8.self)
    }
}
