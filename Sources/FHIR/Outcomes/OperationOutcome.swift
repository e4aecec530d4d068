public import JSON

/// What there is to say about a request: errors, warnings, information.
public struct OperationOutcome: Sendable, Hashable, Error {
    /// One thing to say.
    public struct Issue: Sendable, Hashable {
        /// How serious it is (FHIR R4 value set `issue-severity`).
        public enum Severity: String, Sendable, Hashable, CaseIterable {
            /// The request failed and nothing more was looked at.
            case fatal
            /// The request failed.
            case error
            /// The request was done, with something to think about.
            case warning
            /// The request was done.
            case information
        }

        /// How serious it is.
        public var severity: Severity
        /// What kind it is.
        public var code: IssueCode
        /// What it is, for the person who sent the request; empty when absent.
        public var details: String
        /// More for the person who mends it; empty when absent.
        public var diagnostics: String
        /// The elements concerned, as FHIRPath.
        public var expression: [String]

        /// One thing to say.
        public init(
            severity: Severity,
            code: IssueCode,
            details: String = "",
            diagnostics: String = "",
            expression: [String] = []
        ) {
            self.severity = severity
            self.code = code
            self.details = details
            self.diagnostics = diagnostics
            self.expression = expression
        }
    }

    /// At least one issue: FHIR has no empty outcome.
    public let issues: [Issue]

    /// An outcome of one issue or more.
    public init(_ issues: [Issue]) {
        precondition(!issues.isEmpty, "an OperationOutcome needs an issue")
        self.issues = issues
    }

    /// An outcome with one issue.
    public init(
        _ severity: Issue.Severity = .error,
        _ code: IssueCode,
        _ details: String,
        diagnostics: String = "",
        expression: [String] = []
    ) {
        let issue = Issue(
            severity: severity,
            code: code,
            details: details,
            diagnostics: diagnostics,
            expression: expression
        )
        issues = [issue]
    }

    /// The outcome that tells a decoding fault.
    public init(_ error: FHIRError) {
        let diagnostics = error.line > 0 ? "line \(error.line), column \(error.column)" : ""
        let expression = error.expression.isEmpty ? [] : [error.expression]
        let reason = error.expression.isEmpty ? error.reason : "\(error.expression): \(error.reason)"
        self.init(.error, error.code, reason, diagnostics: diagnostics, expression: expression)
    }

    /// The outcome as JSON bytes.
    public func encoded() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// Writes the outcome as an object.
    public func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("resourceType", "OperationOutcome")
        writer.elements("issue", issues) { $0.write(to: &$1) }
        writer.endObject()
    }
}

extension OperationOutcome.Issue {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("severity", severity.rawValue)
        writer.member("code", code.rawValue)
        if !details.isEmpty { writer.object("details") { $0.member("text", details) } }
        writer.text("diagnostics", diagnostics)
        writer.elements("expression", expression) { $1.string($0) }
        writer.endObject()
    }
}
