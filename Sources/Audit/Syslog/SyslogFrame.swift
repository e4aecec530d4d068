internal import FHIR

/// Frames events as RFC 5424 says, behind their lengths as RFC 5425 says for TLS.
///
///     let frame = SyslogFrame(host: "registry-1", process: 812, format: .dicom, observer: "Tessera")
///     let bytes = frame.bytes(event)     // 431 <85>1 2026-01-05T08:00:00.000Z registry-1 tessera 812 IHE+RFC-3881 - …
public struct SyslogFrame: Sendable {
    /// What a message says of an event.
    public enum Format: String, Sendable, CaseIterable {
        /// A DICOM audit message (PS 3.15, A.5), as IHE ATNA has it.
        case dicom
        /// A FHIR R4 AuditEvent in JSON.
        case fhir
    }

    /// Facility 10 (security), severity 5 (notice).
    private static let notice = 10 * 8 + 5
    /// Facility 10, severity 4 (warning): somebody was turned away, or something broke.
    private static let warning = 10 * 8 + 4
    private static let application = "tessera"

    private let host: String
    private let process: Int
    private let format: Format
    private let observer: String
    private let goldenSystem: String

    /// A way to frame events.
    ///
    /// - Parameters:
    ///   - host: the name of this machine.
    ///   - process: the number of this process.
    ///   - format: what messages say.
    ///   - observer: by what name the registry is known.
    ///   - goldenSystem: the system of golden identifiers.
    public init(host: String, process: Int, format: Format, observer: String, goldenSystem: String) {
        // RFC 5424 6: printable US-ASCII without blanks, 255 at most; a dash where there is none.
        let name = host.unicodeScalars.filter { (33...126).contains($0.value) }.prefix(255)
        self.host = name.isEmpty ? "-" : String(String.UnicodeScalarView(name))
        self.process = process
        self.format = format
        self.observer = observer
        self.goldenSystem = goldenSystem
    }

    /// The frame of an event.
    public func bytes(_ event: AuditEvent) -> [UInt8] {
        let isWarning = event.kind == .alert || event.outcome.rawValue >= AuditEvent.Outcome.serious.rawValue
        let time = FHIRInstant(milliseconds: Int64(clamping: event.time))
        let kind: String
        let body: [UInt8]
        switch format {
        case .dicom:
            kind = "IHE+RFC-3881"
            body = DICOMAuditMessage(observer: observer, process: process).bytes(event)
        case .fhir:
            kind = "FHIR+AuditEvent"
            let resource = AuditEventResource(observer: observer, goldenSystem: goldenSystem)
            body = resource.bytes(AuditReader.Found(number: 0, event: event))
        }
        let priority = isWarning ? Self.warning : Self.notice
        let head = "<\(priority)>1 \(time) \(host) \(Self.application) \(process) \(kind) - "
        let length = head.utf8.count + body.count
        return Array("\(length) \(head)".utf8) + body
    }
}
