import Access
import Audit
import Authorities
import Entrance
import Foundation
import Gateway
import Logging
import OpenSSL
import Transport

/// Who may enter and what is remembered, set up from an operator's choices.
struct Guards {
    /// Why a registry is not started.
    struct Refusal: Error, CustomStringConvertible {
        var description: String
    }

    let entrance: Entrance
    let recorder: Recorder
    let tls: TLSServerConfiguration?
    let keys: KeyRing
    /// Tells a receiver of syslog; `nil`: nobody is told.
    let syslog: SyslogSender?
    /// The digest of the file of clients, so that the trail shows when it changed; empty where there is none.
    private let accessDigest: String

    /// Sets everything up.
    ///
    /// - Throws: `ConfigurationFile.Faults`, `AuditError`, `Refusal`.
    init(_ options: GuardOptions, data: String, rules: String, authorities: AuthorityRegistry) throws {
        let clock = SystemClock()
        let ring = KeyRing()
        keys = ring
        let policy = try options.access.map { try Self.policy($0, authorities, ring) }
        let file = options.access.flatMap { FileManager.default.contents(atPath: $0) }
        accessDigest = file.map { Digest.hexadecimal(Digest.sha256([UInt8]($0))) } ?? ""
        entrance = Entrance(policy, keys: ring, now: { clock.milliseconds() })
        var trail: AuditTrail?
        if options.audit != GuardOptions.off {
            let settings = AuditSettings(directory: options.audit ?? "\(data)/audit", keyPath: options.auditKey)
            trail = try AuditTrail(settings, now: { clock.milliseconds() })
        }
        syslog = try trail.flatMap { try SyslogSender(options, $0) }
        recorder = Recorder(trail, rules: rules, now: { clock.milliseconds() })
        tls = TLSServerConfiguration(
            options.tlsCertificate,
            options.tlsKey,
            authorities: options.tlsClientAuthorities,
            .optional
        )
    }

    private static func policy(_ path: String, _ authorities: AuthorityRegistry, _ keys: KeyRing) throws -> AccessPolicy
    {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw ConfigurationFile.Faults(path: path, faults: ["cannot be read"])
        }
        let policy: AccessPolicy
        do throws(AccessFaults) {
            policy = try AccessPolicy(yaml: text).withSources(authorities.canonical)
        } catch {
            throw ConfigurationFile.Faults(path: path, faults: error.faults)
        }
        for (index, issuer) in policy.issuers.enumerated() {
            do throws(KeySet.Fault) {
                try keys.load(issuer)
            } catch {
                throw ConfigurationFile.Faults(path: path, faults: ["tokens[\(index)].keys: \(error.reason)"])
            }
        }
        return policy
    }

    /// Refuses to let everybody in from everywhere, unless that is what the operator said.
    ///
    /// - Throws: `Refusal`.
    func check(_ listen: ListenAddress, _ mllp: MLLPDoor?, openToEveryone: Bool, _ logger: Logger) throws {
        guard entrance.policy == nil else { return }
        var doors = [listen]
        if let mllp { doors.append(mllp.listen) }
        for door in doors where !door.isLoopback {
            guard openToEveryone else {
                throw Refusal(
                    description: "\(door) can be reached by others and nothing says who may enter: give a file of"
                        + " clients (access), listen on 127.0.0.1, or say open to everyone"
                )
            }
        }
        logger.warning(
            "NOBODY IS ASKED WHO THEY ARE: whoever reaches the port may read, change and merge every record",
            metadata: ["address": "\(listen)", "remedy": "an access file"]
        )
    }

    /// Remembers that the registry began or ended.
    func remember(_ what: String) async throws(AuditError) {
        var event = AuditEvent(
            time: recorder.now(),
            action: .execute,
            interaction: what,
            route: "registry",
            client: "tessera"
        )
        event.kind = .activity
        guard what == "start" else { return try await recorder.record(event, nil, nil) }
        var words = [accessDigest.isEmpty ? "everybody may enter" : "access file: SHA-256 \(accessDigest)"]
        if let dropped = recorder.trail?.droppedBytes, dropped > 0 {
            words.append("\(dropped) bytes of an unfinished entry were cut off")
        }
        event.detail = words.joined(separator: "; ")
        try await recorder.record(event, nil, nil)
    }
}
