internal import CNghttp2

/// The table of C callbacks, made once for all sessions.
///
/// The functions are nonisolated and live outside `main.swift`: callbacks written there would inherit the main actor
/// and trap on every other thread.
@safe
struct SessionCallbacks: Sendable {
    nonisolated(unsafe) let table: OpaquePointer?

    static let shared = SessionCallbacks()

    private init() {
        var table: OpaquePointer?
        precondition(unsafe nghttp2_session_callbacks_new(&table) == 0, "out of memory at start")
        unsafe nghttp2_session_callbacks_set_on_begin_headers_callback(table, Self.beginHeaders)
        unsafe nghttp2_session_callbacks_set_on_header_callback(table, Self.header)
        unsafe nghttp2_session_callbacks_set_on_frame_recv_callback(table, Self.frame)
        unsafe nghttp2_session_callbacks_set_on_frame_not_send_callback(table, Self.notSent)
        unsafe nghttp2_session_callbacks_set_on_data_chunk_recv_callback(table, Self.data)
        unsafe nghttp2_session_callbacks_set_on_stream_close_callback(table, Self.closed)
        unsafe self.table = table
    }

    /// Calls back into the session that nghttp2 names, without a retain.
    @inline(__always)
    private static func within<R>(_ owner: UnsafeMutableRawPointer?, default value: R, _ body: (SessionCore) -> R) -> R
    {
        guard let owner = unsafe owner else { return value }
        return unsafe Unmanaged<SessionCore>.fromOpaque(owner)._withUnsafeGuaranteedRef { body($0) }
    }

    private static let beginHeaders: nghttp2_on_begin_headers_callback = { _, frame, owner in
        guard let frame = unsafe frame, unsafe frame.pointee.hd.type == UInt8(NGHTTP2_HEADERS.rawValue) else {
            return 0
        }
        return unsafe within(owner, default: 0) {
            unsafe $0.beginHeaders(frame.pointee.hd.stream_id, frame.pointee.headers.cat)
        }
    }

    private static let header: nghttp2_on_header_callback = { _, _, name, nameLength, value, valueLength, _, owner in
        unsafe within(owner, default: 0) {
            unsafe $0.header(
                name: UnsafeBufferPointer(start: name, count: nameLength),
                value: UnsafeBufferPointer(start: value, count: valueLength)
            )
        }
    }

    private static let frame: nghttp2_on_frame_recv_callback = { _, frame, owner in
        guard let frame = unsafe frame else { return 0 }
        unsafe within(owner, default: ()) { unsafe $0.frameReceived(frame.pointee) }
        return 0
    }

    private static let notSent: nghttp2_on_frame_not_send_callback = { _, frame, _, owner in
        // A request that waited for a free stream when the peer said GOAWAY: it never left this end.
        guard let frame = unsafe frame, unsafe frame.pointee.hd.type == UInt8(NGHTTP2_HEADERS.rawValue) else {
            return 0
        }
        unsafe within(owner, default: ()) { unsafe $0.closed(frame.pointee.hd.stream_id, code: .refusedStream) }
        return 0
    }

    private static let data: nghttp2_on_data_chunk_recv_callback = { _, _, stream, bytes, count, owner in
        unsafe within(owner, default: ()) {
            unsafe $0.data(stream, UnsafeBufferPointer(start: bytes, count: count).span)
        }
        return 0
    }

    private static let closed: nghttp2_on_stream_close_callback = { _, stream, code, owner in
        unsafe within(owner, default: ()) { $0.closed(stream, code: HTTP2ErrorCode(rawValue: code)) }
        return 0
    }

    /// Fills one DATA frame from the stream's queue.
    static let read: nghttp2_data_source_read_callback = { _, stream, target, capacity, flags, _, owner in
        unsafe within(owner, default: 0) { core in
            var isEnd = false
            let count = unsafe core.read(
                stream,
                into: UnsafeMutableRawBufferPointer(start: target, count: capacity),
                isEnd: &isEnd
            )
            if isEnd { unsafe flags?.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue }
            return count
        }
    }
}
