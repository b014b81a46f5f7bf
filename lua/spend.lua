#!lua flags=allow-oom
--[[
spend: count one request of an API key against its rate. One number is kept: until when what it used is paid (GCRA).

KEYS
  spent            string: that time, us
ARGV
  interval         us that one request is worth
  burst            requests that may come at once
ANSWERS
  {1, left, us}    it may go on; requests that may follow at once; until all may come at once again
  {0, 0, us}       it may not; until one may
MAY BE SENT AGAIN  yes: at worst a request is counted twice
]]

local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local paid = math.max(tonumber(redis.call('GET', KEYS[1])) or 0, NOW_US) + interval
local room = NOW_US + interval * burst - paid
if room < 0 then return { 0, 0, -room } end
redis.call('SET', KEYS[1], string.format('%d', paid), 'PX', math.ceil((paid - NOW_US) / 1000) + 1)
return { 1, math.floor(room / interval), paid - NOW_US }
