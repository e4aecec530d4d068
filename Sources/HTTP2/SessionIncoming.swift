internal import CNghttp2

/// What nghttp2 tells a session, frame by frame, from within `receive` and `drain`.
extension SessionCore {
    func beginHeaders(_ id: Int32, _ category: nghttp2_headers_category) -> Int32 {
        if category == NGHTTP2_HCAT_REQUEST {
            let stream = StreamState(id: id)
            streams[id] = stream
            headerStream = stream
        } else {
            headerStream = streams[id]
        }
        headerStream?.beginHeaders()
        return 0
    }

    func header(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) -> Int32 {
        guard let stream = headerStream else { return 0 }
        let size = name.count + value.count
        stream.headerBytes += size + HeaderList.overheadPerField
        stream.headerCount += 1
        if stream.headerBytes > limits.maxHeaderBytes || size > limits.maxHeaderFieldBytes
            || stream.headerCount > limits.maxHeaderCount
        {
            stream.isHeadTooLarge = true
            let excess = limits.maxHeaderBytes * SessionLimits.headerExcessFactor
            return stream.headerBytes > excess ? NGHTTP2_ERR_CALLBACK_FAILURE.rawValue : 0
        }
        guard !stream.isHeadTooLarge else { return 0 }
        if stream.isHeadComplete {
            unsafe stream.trailers.appendChecked(name: name, value: value)
        } else if unsafe name.first == 0x3A {
            unsafe stream.head.setPseudo(name: name, value: value)
        } else {
            unsafe stream.head.fields.appendChecked(name: name, value: value)
        }
        return 0
    }

    func frameReceived(_ frame: nghttp2_frame) {
        let header = unsafe frame.hd
        let isEnd = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch nghttp2_frame_type(rawValue: nghttp2_frame_type.RawValue(header.type)) {
        case NGHTTP2_HEADERS:
            headersEnded(header.stream_id, isEnd: isEnd)
        case NGHTTP2_DATA:
            if isEnd { dataEnded(header.stream_id) }
        case NGHTTP2_RST_STREAM:
            resetsInReceive += 1
        case NGHTTP2_GOAWAY:
            let goAway = unsafe frame.goaway
            events?.goAwayReceived(
                lastStream: unsafe goAway.last_stream_id,
                code: HTTP2ErrorCode(rawValue: unsafe goAway.error_code)
            )
        case NGHTTP2_PING:
            if header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0 { events?.pingAnswered() }
        default:
            break
        }
    }

    private func headersEnded(_ id: Int32, isEnd: Bool) {
        headerStream = nil
        guard let stream = streams[id], !isFlooded else { return }
        if stream.isHeadTooLarge {
            // A response or trailers above the limits have nobody to tell: the stream is given up.
            if stream.head.status != 0 || stream.isHeadComplete || stream.isSubmitted {
                reset(id, code: .enhanceYourCalm)
            } else {
                stream.isHeadComplete = true
                events?.headTooLarge(stream: stream)
            }
            return
        }
        if stream.isHeadComplete {
            if isEnd { events?.bodyEnded(trailers: stream.trailers, stream: stream) }
        } else if stream.head.status >= 100, stream.head.status < 200 {
            stream.head = MessageHead()
        } else {
            stream.isHeadComplete = true
            let head = stream.head
            stream.head = MessageHead()
            events?.headReceived(head, stream: stream, isEnd: isEnd)
        }
    }

    func data(_ id: Int32, _ bytes: Span<UInt8>) {
        guard let stream = streams[id] else {
            _ = unsafe nghttp2_session_consume_connection(handle, bytes.count)
            return
        }
        stream.unconsumed += bytes.count
        if stream.isHeadTooLarge {
            consume(bytes.count, stream)
        } else {
            events?.dataReceived(bytes, stream: stream)
        }
    }

    private func dataEnded(_ id: Int32) {
        guard let stream = streams[id], !stream.isHeadTooLarge else { return }
        events?.bodyEnded(trailers: stream.trailers, stream: stream)
    }

    func closed(_ id: Int32, code: HTTP2ErrorCode) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        if headerStream === stream { headerStream = nil }
        pendingOutput -= stream.output.count
        if stream.unconsumed > 0 {
            _ = unsafe nghttp2_session_consume_connection(handle, stream.unconsumed)
            stream.unconsumed = 0
        }
        events?.streamClosed(stream, code: code)
        stream.context = nil
    }

    /// Fills a DATA frame; returns what nghttp2's read callback returns.
    func read(_ id: Int32, into target: UnsafeMutableRawBufferPointer, isEnd: inout Bool) -> Int {
        guard let stream = streams[id] else { return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue) }
        let count = unsafe stream.output.move(into: target)
        if count > 0 {
            pendingOutput -= count
            events?.outputTaken(count, stream: stream)
        }
        isEnd = stream.isOutputFinished && stream.output.count == 0
        if count > 0 || isEnd { return count }
        stream.isDeferred = true
        return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
}
