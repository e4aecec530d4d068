import ArgumentParser
import Audit

/// What an operator may choose about who may enter and what is remembered.
struct GuardOptions: ParsableArguments {
    /// The word that turns the audit trail off.
    static let off = "off"

    @Option(help: "A file of clients that may enter; without it everybody may do everything, on loopback only.")
    var access: String?

    @Flag(help: "Listen on other addresses than loopback though there is no file of clients.")
    var openToEveryone = false

    @Option(help: "The directory of the audit trail, or off; in the data directory by default.")
    var audit: String?

    @Option(help: "The private key (PEM) that signs the audit trail.")
    var auditKey: String?

    @Option(help: "Where audit events go by syslog over TLS as well, HOST:PORT.")
    var auditSyslog: ListenAddress?

    @Option(help: "The authorities (PEM) of that receiver; the system's by default.")
    var auditSyslogAuthorities: String?

    @Option(help: "The certificate (PEM) to show to that receiver.")
    var auditSyslogCertificate: String?

    @Option(help: "The private key of that certificate (PEM).")
    var auditSyslogKey: String?

    @Option(help: "What is said to that receiver: dicom (ATNA audit messages, the default) or fhir (AuditEvents).")
    var auditSyslogFormat: String?

    @Option(help: "The certificate of the HTTP door with those that lead to its authority (PEM): HTTPS.")
    var tlsCertificate: String?

    @Option(help: "The private key of that certificate (PEM).")
    var tlsKey: String?

    @Option(help: "The authorities (PEM) from which client certificates come; clients with a token need none.")
    var tlsClientAuthorities: String?

    func validate() throws {
        if let fault { throw ValidationError(fault) }
    }

    /// What does not go together.
    var fault: String? {
        if (tlsCertificate == nil) != (tlsKey == nil) {
            return "the certificate of the HTTP door and its key go together"
        }
        if tlsCertificate == nil, tlsClientAuthorities != nil {
            return "authorities of client certificates need a certificate of the HTTP door"
        }
        return syslogFault
    }

    private var syslogFault: String? {
        let asked = [auditSyslogAuthorities, auditSyslogCertificate, auditSyslogKey, auditSyslogFormat]
        guard auditSyslog != nil else {
            return asked.contains { $0 != nil } ? "what is said of a receiver of syslog needs its address" : nil
        }
        if audit == Self.off { return "a receiver of syslog is told what the audit trail has: it cannot be off" }
        if (auditSyslogCertificate == nil) != (auditSyslogKey == nil) {
            return "the certificate for the receiver of syslog and its key go together"
        }
        if let auditSyslogFormat, SyslogFrame.Format(rawValue: auditSyslogFormat) == nil {
            return "the format of syslog is dicom or fhir, not '\(auditSyslogFormat)'"
        }
        return nil
    }
}

extension ConfigurationFile {
    /// The keys `access`, `open_to_everyone`, `audit`, `audit_key`, `audit_syslog` and what begins with it,
    /// `tls_certificate`, `tls_key` and `tls_client_authorities`.
    mutating func guards() -> GuardOptions {
        var options = GuardOptions()
        options.access = string("access")
        options.openToEveryone = flag("open_to_everyone")
        options.audit = string("audit")
        options.auditKey = string("audit_key")
        options.auditSyslog = address("audit_syslog")
        options.auditSyslogAuthorities = string("audit_syslog_authorities")
        options.auditSyslogCertificate = string("audit_syslog_certificate")
        options.auditSyslogKey = string("audit_syslog_key")
        options.auditSyslogFormat = string("audit_syslog_format")
        options.tlsCertificate = string("tls_certificate")
        options.tlsKey = string("tls_key")
        options.tlsClientAuthorities = string("tls_client_authorities")
        if let fault = options.fault { self.fault(fault) }
        return options
    }
}
