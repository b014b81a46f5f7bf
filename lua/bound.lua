#!lua flags=allow-oom
--[[
bound: how fast a lane gives out its jobs, and how many may wait in it. What runs, and what waits already, is not touched.

KEYS
  lanes            set: every lane
ARGV
  lane             name
  fields...        field, value: rate (jobs a second), burst (jobs at once), most (entries that may wait: then submissions are refused);
                   an empty value takes the bound away
ANSWERS
  bound            from now on
MAY BE SENT AGAIN  yes
]]

local lane = ARGV[1]
for at = 2, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', lane_key(lane), ARGV[at]) else redis.call('HSET', lane_key(lane), ARGV[at], ARGV[at + 1]) end
  if ARGV[at] == 'rate' then redis.call('HDEL', lane_key(lane), 'paid') end
end
redis.call('SADD', KEYS[1], lane)
hint(lane)
return 'bound'
