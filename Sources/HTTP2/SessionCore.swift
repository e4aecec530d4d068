internal import CNghttp2

/// What the sessions of both ends share: one nghttp2 session, its streams, and the passage of bytes.
///
/// Confined to one thread at a time; does no I/O.
@safe
final class SessionCore {
    let limits: SessionLimits
    weak var events: (any SessionEvents)?
    var streams: [Int32: StreamState] = [:]
    /// Body bytes of all streams that wait for the peer to read.
    var pendingOutput = 0
    var handle: OpaquePointer?
    private var scratch = HeaderList()
    /// The stream whose header block is being read: blocks are never interleaved.
    var headerStream: StreamState?
    /// Resets in the bytes of one `receive`.
    ///
    /// nghttp2 counts them over time, but carries out its verdict only when it writes: what came in the same bytes
    /// would still reach the owner.
    var resetsInReceive = 0
    var isFlooded: Bool { resetsInReceive > limits.resetBurst }

    init(isServer: Bool, limits: SessionLimits) throws(HTTP2Error) {
        self.limits = limits
        var option: OpaquePointer?
        guard unsafe nghttp2_option_new(&option) == 0 else {
            throw HTTP2Error(library: Int(NGHTTP2_ERR_NOMEM.rawValue), operation: "open")
        }
        defer { unsafe nghttp2_option_del(option) }
        unsafe Self.configure(option, limits)
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        let result =
            unsafe isServer
            ? nghttp2_session_server_new2(&handle, SessionCallbacks.shared.table, owner, option)
            : nghttp2_session_client_new2(&handle, SessionCallbacks.shared.table, owner, option)
        guard result == 0 else { throw HTTP2Error(library: Int(result), operation: "open") }
        try submitSettings(isServer: isServer)
    }

    deinit {
        unsafe nghttp2_session_del(handle)
    }

    private static func configure(_ option: OpaquePointer?, _ limits: SessionLimits) {
        unsafe nghttp2_option_set_no_auto_window_update(option, 1)
        unsafe nghttp2_option_set_no_closed_streams(option, 1)
        unsafe nghttp2_option_set_max_outbound_ack(option, limits.maxPendingAcknowledgements)
        unsafe nghttp2_option_set_max_settings(option, limits.maxSettings)
        unsafe nghttp2_option_set_stream_reset_rate_limit(
            option,
            UInt64(limits.resetBurst),
            UInt64(limits.resetRate)
        )
        unsafe nghttp2_option_set_max_continuations(option, limits.maxContinuations)
        // What a client may open before it has read the server's own number.
        unsafe nghttp2_option_set_peer_max_concurrent_streams(option, 1000)
    }

    private func submitSettings(isServer: Bool) throws(HTTP2Error) {
        var entries = [
            Self.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE.rawValue, limits.streamWindow),
            Self.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE.rawValue, limits.maxHeaderBytes),
            Self.setting(NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES.rawValue, 1),
        ]
        if isServer {
            entries.append(
                Self.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS.rawValue, limits.maxConcurrentStreams)
            )
        } else {
            entries.append(Self.setting(NGHTTP2_SETTINGS_ENABLE_PUSH.rawValue, 0))
        }
        try check(
            Int(unsafe nghttp2_submit_settings(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), entries, entries.count)),
            "open"
        )
        try check(
            Int(
                unsafe nghttp2_session_set_local_window_size(
                    handle,
                    UInt8(NGHTTP2_FLAG_NONE.rawValue),
                    0,
                    Int32(clamping: limits.connectionWindow)
                )
            ),
            "open"
        )
    }

    private static func setting(_ id: nghttp2_settings_id.RawValue, _ value: Int) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id), value: UInt32(clamping: value))
    }

    func check(_ result: Int, _ operation: String) throws(HTTP2Error) {
        guard result >= 0 else { throw HTTP2Error(library: result, operation: operation) }
    }

    // MARK: Bytes

    func receive(_ bytes: borrowing Span<UInt8>) throws(HTTP2Error) {
        resetsInReceive = 0
        let result = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe nghttp2_session_mem_recv(handle, buffer.baseAddress, buffer.count)
        }
        try check(result, "receive")
        guard !isFlooded else {
            throw HTTP2Error(code: .flooded, operation: "receive", detail: "\(resetsInReceive) resets at once")
        }
    }

    /// Gives waiting frames to `sink` until at least `bound` bytes went out; true when more may wait.
    func drain(bound: Int, into sink: (Span<UInt8>) -> Void) throws(HTTP2Error) -> Bool {
        var total = 0
        while total < bound {
            var data: UnsafePointer<UInt8>?
            let count = unsafe nghttp2_session_mem_send(handle, &data)
            try check(count, "drain")
            guard count > 0 else { return false }
            unsafe sink(UnsafeBufferPointer(start: data, count: count).span)
            total += count
        }
        return true
    }

    var wantsRead: Bool { unsafe nghttp2_session_want_read(handle) != 0 }
    var wantsWrite: Bool { unsafe nghttp2_session_want_write(handle) != 0 }

    // MARK: Messages

    /// Submits a header block on a new (`stream` nil) or an accepted stream, with a body that may still grow.
    func withFields<R>(
        _ pseudo: [(String, String)],
        _ fields: HeaderList,
        contentLength: Int?,
        _ submit: (UnsafePointer<nghttp2_nv>, Int) -> R
    ) -> R {
        scratch.removeAllKeepingMemory()
        for (name, value) in pseudo { scratch.addUnchecked(name, value) }
        scratch.appendMessage(fields)
        if let contentLength, !fields.contains("content-length") {
            scratch.addUnchecked("content-length", String(contentLength))
        }
        return unsafe scratch.withFieldPointers { unsafe submit($0, $1) }
    }

    func submitResponse(
        _ stream: StreamState,
        status: Int,
        fields: HeaderList,
        contentLength: Int?,
        hasBody: Bool
    ) throws(HTTP2Error) {
        guard !stream.isSubmitted else {
            throw HTTP2Error(code: .misuse, operation: "respond", detail: "answered twice")
        }
        stream.isSubmitted = true
        stream.isOutputFinished = !hasBody
        var provider = unsafe Self.provider()
        let result = unsafe withFields([(":status", String(status))], fields, contentLength: contentLength) {
            fields,
            count in
            unsafe hasBody
                ? nghttp2_submit_response(handle, stream.id, fields, count, &provider)
                : nghttp2_submit_response(handle, stream.id, fields, count, nil)
        }
        try check(Int(result), "respond")
    }

    func submitRequest(_ head: MessageHead, contentLength: Int?, hasBody: Bool) throws(HTTP2Error) -> StreamState {
        let next = unsafe nghttp2_session_get_next_stream_id(handle)
        guard next < UInt32(Int32.max) else {
            throw HTTP2Error(code: .failed, operation: "request", detail: "stream numbers used up")
        }
        let stream = StreamState(id: Int32(next))
        stream.isSubmitted = true
        stream.isOutputFinished = !hasBody
        var provider = unsafe Self.provider()
        var pseudo = [(":method", head.method), (":scheme", head.scheme), (":path", head.path)]
        if !head.authority.isEmpty { pseudo.append((":authority", head.authority)) }
        let result = unsafe withFields(pseudo, head.fields, contentLength: contentLength) { fields, count in
            unsafe hasBody
                ? nghttp2_submit_request(handle, nil, fields, count, &provider, nil)
                : nghttp2_submit_request(handle, nil, fields, count, nil, nil)
        }
        try check(Int(result), "request")
        guard result == stream.id else {
            throw HTTP2Error(code: .failed, operation: "request", detail: "unexpected stream number")
        }
        streams[stream.id] = stream
        return stream
    }

    func submitInformational(_ stream: StreamState, status: Int) throws(HTTP2Error) {
        let flags = UInt8(NGHTTP2_FLAG_NONE.rawValue)
        let result = unsafe withFields([(":status", String(status))], HeaderList(), contentLength: nil) {
            unsafe nghttp2_submit_headers(handle, flags, stream.id, nil, $0, $1, nil)
        }
        try check(Int(result), "continue")
    }

    private static func provider() -> nghttp2_data_provider {
        var provider = unsafe nghttp2_data_provider()
        unsafe provider.read_callback = SessionCallbacks.read
        return unsafe provider
    }

    func send(_ bytes: [UInt8], _ stream: StreamState) {
        guard !stream.isOutputFinished, streams[stream.id] === stream else { return }
        stream.output.append(bytes)
        pendingOutput += bytes.count
        resume(stream)
    }

    func end(_ stream: StreamState) {
        guard !stream.isOutputFinished else { return }
        stream.isOutputFinished = true
        resume(stream)
    }

    private func resume(_ stream: StreamState) {
        guard stream.isDeferred else { return }
        stream.isDeferred = false
        _ = unsafe nghttp2_session_resume_data(handle, stream.id)
    }

    func reset(_ stream: Int32, code: HTTP2ErrorCode) {
        _ = unsafe nghttp2_submit_rst_stream(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream, code.rawValue)
    }

    func consume(_ count: Int, _ stream: StreamState) {
        let count = min(count, stream.unconsumed)
        guard count > 0 else { return }
        stream.unconsumed -= count
        _ = unsafe nghttp2_session_consume(handle, stream.id, count)
    }

    // MARK: Connection

    /// Says that no more streams will be accepted soon; those on their way still are.
    func announceShutdown() {
        _ = unsafe nghttp2_submit_shutdown_notice(handle)
    }

    /// Accepts no stream above the last one seen; those below go on.
    func goAway(code: HTTP2ErrorCode) {
        let last = unsafe nghttp2_session_get_last_proc_stream_id(handle)
        _ = unsafe nghttp2_submit_goaway(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, code.rawValue, nil, 0)
    }

    /// Ends the session once what waits has been written.
    func terminate(code: HTTP2ErrorCode) {
        _ = unsafe nghttp2_session_terminate_session(handle, code.rawValue)
    }

    func ping() {
        _ = unsafe nghttp2_submit_ping(handle, UInt8(NGHTTP2_FLAG_NONE.rawValue), nil)
    }

    var peerMaxConcurrentStreams: Int {
        Int(unsafe nghttp2_session_get_remote_settings(handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
    }
}
