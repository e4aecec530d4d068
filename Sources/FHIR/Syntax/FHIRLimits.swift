/// What one resource may hold.
///
/// Each limit keeps one hostile or broken resource from costing what thousands cost.
public enum FHIRLimits {
    /// Most bytes of UTF-8 in one demographic text.
    ///
    /// Longest real names and addresses stay below 300; a key part may have 1,024 as well.
    public static let textBytes = 1_024
    /// Most repetitions of one element: names, identifiers, addresses, given names of one name.
    public static let repetitions = 64
    /// Most entries in a bundle.
    ///
    /// A larger one is better sent in parts or loaded from a file.
    public static let bundleEntries = 10_000
    /// Most bytes in a URL or in the query of a conditional request.
    public static let urlBytes = 8_192
    /// Most parameters in a Parameters resource.
    public static let parameters = 256
}
