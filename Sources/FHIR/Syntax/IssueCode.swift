/// The kinds of issue that an OperationOutcome may name (FHIR R4 value set `issue-type`, those that we use).
public enum IssueCode: String, Sendable, Hashable, CaseIterable {
    /// The content is not valid, no narrower kind fits.
    case invalid
    /// The content cannot be parsed, or an element has the wrong shape.
    case structure
    /// A required element is missing.
    case required
    /// An element's value is not allowed.
    case value
    /// A rule over several elements is broken.
    case invariant
    /// The caller must sign in.
    case login
    /// The caller may not do this.
    case forbidden
    /// The caller's right to the data is the reason.
    case security
    /// The content could not be processed.
    case processing
    /// The interaction, resource or parameter is not supported.
    case notSupported = "not-supported"
    /// An attempt to create what exists already.
    case duplicate
    /// More than one resource matches where one is needed.
    case multipleMatches = "multiple-matches"
    /// What was referred to is not there.
    case notFound = "not-found"
    /// What was referred to has been deleted.
    case deleted
    /// The content is larger than allowed.
    case tooLong = "too-long"
    /// A code or system is not recognised.
    case codeInvalid = "code-invalid"
    /// The request would cost too much.
    case tooCostly = "too-costly"
    /// A rule of the registry forbids it.
    case businessRule = "business-rule"
    /// Another change got there first.
    case conflict
    /// A passing fault: the same request may succeed later.
    case transient
    /// The service is being asked for too much at the moment.
    case throttled
    /// An unexpected fault inside.
    case exception
    /// The time allowed was over.
    case timeout
    /// Not everything could be looked at; the answer is partial.
    case incomplete
    /// For information only.
    case informational
}
