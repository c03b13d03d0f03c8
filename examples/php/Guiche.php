<?php

declare(strict_types=1);

/**
 * guiche in PHP, by FFI: nothing to compile. Copy this file.
 *
 *   $guiche = new Guiche();
 *   $answer = $guiche->ask('decide', [
 *       'text' => 'preciso de pensão para meu filho',
 *       'place' => 'Sinop',
 *       'at' => date(DATE_RFC3339),
 *   ]);
 *   echo $answer['reply'];
 *
 * Compiling takes a seventh of a second and 60 MB, so keep one object: in a worker
 * that lives on, such as a queue's. Under PHP-FPM nothing outlives a request, not
 * even a static variable, and each would compile anew: ask examples/http there. FFI
 * needs `ffi.enable=true` in php.ini; the command line has it.
 */
final class Guiche
{
    private const HEADER = <<<'C'
        typedef struct guiche_engine guiche_engine;
        typedef struct guiche_buffer {
          const uint8_t* data;
          size_t size;
        } guiche_buffer;
        const char* guiche_version(void);
        void guiche_buffer_free(guiche_buffer* buffer);
        int32_t guiche_engine_create(const char* policy, size_t policy_size, int32_t format, const char* digest,
            size_t digest_size, const char* known_at, size_t known_at_size, guiche_engine** engine,
            guiche_buffer* out);
        void guiche_engine_free(guiche_engine* engine);
        int32_t guiche_call(const guiche_engine* engine, const char* method, size_t method_size, int32_t format,
            const char* request, size_t request_size, guiche_buffer* out);
        C;

    private const JSON = 0;
    private const TEXT = 2;

    private static array $libraries = [];
    private FFI $c;
    private FFI\CData $engine;
    private FFI\CData $out;
    private FFI\CData $outAddress;

    /**
     * @param string $policy   A policy as textproto; empty: that of DPE/MT.
     * @param string $digest   The digest it must have; empty: any.
     * @param string $known_at RFC 3339: only acts published by then count; empty: all.
     *
     * @throws GuicheException if the policy does not compile.
     */
    public function __construct(
        string $library = 'libguiche.so.0',
        string $policy = '',
        string $digest = '',
        string $known_at = ''
    ) {
        $this->c = self::$libraries[$library] ??= FFI::cdef(self::HEADER, $library);
        $this->out = $this->c->new('guiche_buffer');
        $this->outAddress = FFI::addr($this->out);
        $this->engine = $this->c->new('guiche_engine*');
        $code = $this->c->guiche_engine_create($policy, strlen($policy), self::TEXT, $digest, strlen($digest),
            $known_at, strlen($known_at), FFI::addr($this->engine), $this->outAddress);
        $this->take($code);
    }

    public function __destruct()
    {
        if (isset($this->engine)) {
            $this->c->guiche_engine_free($this->engine);
        }
    }

    /**
     * Puts a question by the name of its method, with a request of JSON.
     *
     * @return string The answer as JSON.
     *
     * @throws GuicheException if it cannot be answered as it was put.
     */
    public function call(string $method, string $request): string
    {
        $code = $this->c->guiche_call($this->engine, $method, strlen($method), self::JSON, $request,
            strlen($request), $this->outAddress);

        return $this->take($code);
    }

    /** Two objects would free one policy twice. */
    private function __clone()
    {
    }

    /** As call(), with arrays in place of JSON. */
    public function ask(string $method, array $request): array
    {
        $json = json_encode((object) $request, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);

        return json_decode($this->call($method, $json), true, 64, JSON_THROW_ON_ERROR);
    }

    /** The answer in $out, whose memory it frees, or the error. */
    private function take(int $code): string
    {
        $json = $this->out->size === 0 ? '' : FFI::string($this->out->data, $this->out->size);
        $this->c->guiche_buffer_free($this->outAddress);
        if ($code !== 0) {
            throw new GuicheException($json, $code);
        }

        return $json;
    }
}

/** The code is gRPC's, the message the error as JSON, with field, value and remedy. */
final class GuicheException extends RuntimeException
{
}
