internal import NIOCore
internal import NIOHTTP1

/// A request of HTTP/1.1 on its way, and where its answer goes.
struct HTTP1Call: Sendable {
    let request: HTTPClientRequest
    let host: String
    let answer: EventLoopPromise<HTTP1Answer>
}

/// An answer, and whether the connection may carry another request.
struct HTTP1Answer: Sendable {
    let response: HTTPResponse
    let isKeptAlive: Bool
}

/// One connection of an HTTP/1.1 client: a request out, its answer in.
final class HTTP1ClientHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTP1Call
    typealias OutboundOut = HTTPClientRequestPart

    private let bodyMax: Int
    private var answer: EventLoopPromise<HTTP1Answer>?
    private var head: HTTPResponseHead1?
    private var body: [UInt8] = []

    init(bodyMax: Int) { self.bodyMax = bodyMax }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let call = unwrapOutboundIn(data)
        answer = call.answer
        let request = call.request
        var head = HTTPRequestHead1(
            version: .http1_1,
            method: HTTPMethod(rawValue: request.method),
            uri: request.path
        )
        head.headers.add(name: "host", value: call.host)
        for field in request.headers { head.headers.add(name: field.name, value: field.value) }
        if !request.body.isEmpty || request.method != "GET" {
            head.headers.replaceOrAdd(name: "content-length", value: String(request.body.count))
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if !request.body.isEmpty {
            let buffer = context.channel.allocator.buffer(bytes: request.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            // 1xx come before the answer itself.
            self.head = head.status.code >= 200 ? head : nil
            body.removeAll(keepingCapacity: true)
        case .body(let buffer):
            guard body.count + buffer.readableBytes <= bodyMax else {
                fail(TransportError(.limitExceeded, "answer", "the body is too long"))
                return context.close(promise: nil)
            }
            body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            var fields = HTTPFields()
            for (name, value) in head.headers { fields.add(name, value) }
            let response = HTTPResponse(status: Int(head.status.code), headers: fields, body: body)
            let done = answer
            answer = nil
            self.head = nil
            done?.succeed(HTTP1Answer(response: response, isKeptAlive: head.isKeepAlive))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(TransportError(.connectionLost, "answer"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(error as? TransportError ?? TransportError(.protocolViolation, "answer", "\(error)"))
        context.close(promise: nil)
    }

    private func fail(_ error: TransportError) {
        answer?.fail(error)
        answer = nil
    }
}
