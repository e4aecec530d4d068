/// What one message may hold.
///
/// Each limit keeps one hostile or broken message from costing what thousands cost.
public enum HL7Limits {
    /// Most bytes of a message: a patient with every repetition filled stays below 100 KB.
    public static let messageBytes = 1 << 20
    /// Most segments: an update with its insurance, relatives and observations stays below 200.
    public static let segments = 1_000
    /// Most fields of a segment: the widest of the standard has 60.
    public static let fields = 256
    /// Most repetitions of a field.
    public static let repetitions = 256
    /// Most components of a repetition: the widest data type has 24.
    public static let components = 64
    /// Most subcomponents of a component.
    public static let subcomponents = 32
}
