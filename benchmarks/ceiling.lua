-- A plain acknowledge + claim of nine commands: what any queue of this kind has to do, and no more.
-- KEYS ready, leases, document. ARGV the job to acknowledge, its output, lease deadline, worker.
local ready, leases, document = KEYS[1], KEYS[2], KEYS[3]

redis.call('HSET', 'job:' .. ARGV[1], 'state', 'done', 'output', ARGV[2])
redis.call('ZREM', leases, ARGV[1])
redis.call('HINCRBY', document, 'done', 1)
redis.call('HSET', document, 'latest', ARGV[1])
redis.call('ZADD', ready, ARGV[3], ARGV[1]) -- stands for the successor that becomes ready

local job = redis.call('ZPOPMIN', ready)[1]
redis.call('HSET', 'job:' .. job, 'state', 'leased', 'worker', ARGV[4])
redis.call('ZADD', leases, ARGV[3], job)
return { job, redis.call('HGET', 'job:' .. job, 'input') }
