/// What a JSON text may ask of us before it is refused.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting that any limit may allow: the scanner keeps one bit for each open container.
    public static let depthMax = 64

    /// Most containers open at the same time.
    ///
    /// FHIR resources nest below 20.
    public var depth: Int
    /// Most bytes in the whole text.
    ///
    /// The default carries a bundle of about ten thousand patients.
    public var bytes: Int
    /// Most bytes in one string.
    ///
    /// The default carries a photograph in base64 and stops runaway input.
    public var stringBytes: Int

    /// Limits; `depth` is cut to `depthMax`.
    public init(depth: Int = JSONLimits.depthMax, bytes: Int = 16 << 20, stringBytes: Int = 4 << 20) {
        precondition(depth > 0 && bytes > 0 && stringBytes > 0, "JSON limits are positive")
        self.depth = min(depth, Self.depthMax)
        self.bytes = bytes
        self.stringBytes = stringBytes
    }
}
