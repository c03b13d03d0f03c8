<?php
// What one question costs from PHP, in microseconds of processor time:
//   php -d ffi.enable=1 benchmarks/hosts/call.php LIBRARY

require __DIR__ . '/../../examples/php/Guiche.php';

function microseconds(): float
{
    $used = getrusage();
    return 1e6 * ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'])
        + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
}

const CALLS = 3000;
$guiche = new Guiche($argv[1]);
$text = 'bom dia meu ex nao paga a pensao do meu filho ja tem 3 meses';
$at = '2026-01-07T12:00:00-04:00';
foreach (['open' => ['at' => $at], 'route' => ['text' => $text], 'decide' => ['text' => $text, 'at' => $at]] as $method => $request) {
    $json = json_encode($request + ['place' => 'Sinop']);
    $best = INF;
    for ($round = 0; $round < 12; ++$round) {
        $begin = microseconds();
        for ($i = 0; $i < CALLS; ++$i) {
            $guiche->call($method, $json);
        }
        $best = min($best, (microseconds() - $begin) / CALLS);
    }
    printf("php  %-6s %6.2f us\n", $method, $best);
}
