#!lua flags=allow-oom
--[[
drain: ask a worker to end: it takes no new jobs, finishes what runs, and goes. Its supervisor hears of it at once.

KEYS
  workers          zset
ARGV
  id               of the worker
ANSWERS
  draining         it was asked, now or before
  ended            it has ended already
  unknown          nobody has heard of it in the last hour
MAY BE SENT AGAIN  yes
]]

local worker = worker_key(ARGV[1])
if redis.call('EXISTS', worker) == 0 then return 'unknown' end
if redis.call('HEXISTS', worker, 'ended') == 1 then return 'ended' end
redis.call('HSETNX', worker, 'drain', NOW_TEXT)
redis.call('SPUBLISH', worker, 'renew')
return 'draining'
