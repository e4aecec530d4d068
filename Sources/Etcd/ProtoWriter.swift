import Bytes

/// Writes the fields of a protobuf message; default values are left out, as proto3 does.
struct ProtoWriter {
    private(set) var writer = ByteWriter()

    var bytes: [UInt8] { writer.bytes }

    /// A field of a wire type, 0: varint, 2: length and bytes.
    private mutating func tag(_ field: Int, _ type: UInt64) { writer.write(varint: UInt64(field) << 3 | type) }

    mutating func number(_ field: Int, _ value: UInt64) {
        if value != 0 { required(field, value) }
    }

    /// A member of a `oneof` is written even where it is 0: its being there says which member it is.
    mutating func required(_ field: Int, _ value: UInt64) {
        tag(field, 0)
        writer.write(varint: value)
    }

    mutating func flag(_ field: Int, _ value: Bool) { number(field, value ? 1 : 0) }

    mutating func bytes(_ field: Int, _ value: some Collection<UInt8>) {
        if !value.isEmpty { required(field, value) }
    }

    mutating func required(_ field: Int, _ value: some Collection<UInt8>) {
        tag(field, 2)
        writer.write(prefixed: value)
    }

    /// A message within this one, written even where it is empty.
    mutating func message(_ field: Int, _ body: (inout ProtoWriter) -> Void) {
        var inner = ProtoWriter()
        body(&inner)
        required(field, inner.bytes)
    }
}
