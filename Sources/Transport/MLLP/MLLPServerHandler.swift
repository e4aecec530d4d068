internal import Logging
internal import NIOCore

/// One connection of an MLLP server: frames in, one message after another to the application, answers out in order.
///
/// All state lives on the connection's event loop.
final class MLLPServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let application: any MLLPApplication
    private let limits: MLLPLimits
    private let logger: Logger
    private var decoder: MLLPDecoder
    private var waiting: [[UInt8]] = []
    private var isAnswering = false
    /// No further message is taken; the connection closes when those that wait are answered.
    private var isEnding = false
    private var certificate: PeerInfo.Certificate?
    private let isEncrypted: Bool
    private var lastInput = NIODeadline.now()
    private var watch: RepeatedTask?
    private var task: Task<Void, Never>?

    init(_ application: any MLLPApplication, _ limits: MLLPLimits, isEncrypted: Bool, _ logger: Logger) {
        self.application = application
        self.limits = limits
        self.isEncrypted = isEncrypted
        self.logger = logger
        decoder = MLLPDecoder(limit: limits.maxMessageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        lastInput = context.eventLoop.now
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let interval = TimeAmount(min(limits.idleTimeout, limits.messageTimeout) / 4)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            let (handler, context) = bound.value
            handler.checkTimes(context)
        }
    }

    private func checkTimes(_ context: ChannelHandlerContext) {
        guard !isAnswering else { return }
        let silence = context.eventLoop.now - lastInput
        let patience = decoder.isInMessage ? limits.messageTimeout : limits.idleTimeout
        if silence > TimeAmount(patience) { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        lastInput = context.eventLoop.now
        do throws(MLLPDecoder.Fault) {
            try decoder.take(unwrapInboundIn(data).readableBytesView, into: &waiting)
        } catch {
            logger.info("connection ended", metadata: ["reason": "\(error.rawValue)"])
            isEnding = true
        }
        advance(context)
    }

    /// Has the next message answered, or ends the connection where none is left and none shall come.
    private func advance(_ context: ChannelHandlerContext) {
        guard !isAnswering else { return readIfWanted(context) }
        guard !waiting.isEmpty else {
            if isEnding { context.close(promise: nil) }
            return
        }
        isAnswering = true
        let message = waiting.removeFirst()
        let application = application
        let peer = PeerInfo(
            address: context.remoteAddress.map(String.init(describing:)) ?? "",
            isEncrypted: isEncrypted,
            certificate: certificate
        )
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        task = Task {
            let answer = await application.answer(message, from: peer)
            eventLoop.execute {
                let (handler, context) = bound.value
                handler.finish(answer, context)
            }
        }
        readIfWanted(context)
    }

    private func finish(_ answer: [UInt8]?, _ context: ChannelHandlerContext) {
        isAnswering = false
        task = nil
        lastInput = context.eventLoop.now
        guard context.channel.isActive else { return }
        if let answer {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: MLLPFrame.framed(answer))), promise: nil)
        }
        advance(context)
    }

    /// A sender that does not wait for answers is read no faster than it is answered.
    private func readIfWanted(_ context: ChannelHandlerContext) {
        let isWanted = waiting.count < limits.maxWaitingMessages
        context.channel.setOption(.autoRead, value: isWanted).whenFailure { _ in }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case let established as TLSEstablished: certificate = established.certificate
        case is DrainEvent, ChannelEvent.inputClosed:
            isEnding = true
            advance(context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        waiting = []
        isEnding = true
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
